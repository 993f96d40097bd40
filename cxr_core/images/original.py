"""One original file for the eye: decoded in a process of its own, since it can crash, hang or eat memory.

``python -m cxr_core.images.original`` reads an order from standard input and writes what it decoded to standard output.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from cxr_core.errors import DataError, ImageError

_MEMORY_BYTES = 4 * 2**30
_ENDED_UNEXPECTEDLY = "It crashed its decoder, or needed more memory than one image may take."
_TOO_SLOW = "It took longer than allowed and was stopped."


@dataclass(frozen=True, kw_only=True)
class Original:
    """A gray image as its file stores it, at most of the size that was asked for.

    Attributes:
        height: Of the file's image, px.
        width: Of the file's image, px.
        shown_height: Rows of the samples.
        shown_width: Columns of the samples.
        bits: 8 or 16 for each sample.
        lowest: The least sample of the file.
        highest: The greatest.
        is_falling: Whether the least sample is white.
        samples: In rows from the upper left corner; of 16 bits the low byte first.
        table: The gray of each sample, 0 to 255, through the window or the tables that the file itself names; empty: a
            sample is its gray.
    """

    height: int
    width: int
    shown_height: int
    shown_width: int
    bits: int
    lowest: int
    highest: int
    is_falling: bool
    samples: bytes
    table: bytes


@dataclass(frozen=True, kw_only=True)
class Made:
    """The picture that a run made of a file.

    Attributes:
        picture_hash: Which.
        pipeline: Fingerprint of the harmonization.
        size_px: Side of the square.
    """

    picture_hash: str
    pipeline: str
    size_px: int


def original(path: Path, *, content_hash: str, size_px: int, timeout_s: float, made: Made | None = None) -> Original:
    """Decodes a file in another process.

    Args:
        path: A DICOM, JPEG or PNG file.
        content_hash: The exposure that the file must hold.
        size_px: The largest side of what is given.
        made: The picture that it must still give, where this release makes pictures in the same way; None: any.
        timeout_s: After this long the process is killed.

    Raises:
        ImageError: If it cannot be used, or holds another image or shows it otherwise than it did; names neither file
            nor patient.
    """
    order = json.dumps(
        {
            "path": str(path),
            "content_hash": content_hash,
            "size_px": size_px,
            "made": None if made is None else asdict(made),
        }
    )
    command = [sys.executable, "-m", "cxr_core.images.original"]
    try:
        done = subprocess.run(  # noqa: S603 (our own module; the file's name goes through standard input)
            command, input=order.encode(), capture_output=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise ImageError(_TOO_SLOW) from None
    return _received(done.stdout) if done.returncode == 0 else _failed()


def perform(path: Path, *, content_hash: str, size_px: int, made: Made | None = None) -> Original:
    """Decodes a file in this process.

    Raises:
        ImageError: As for `original`.
    """
    import cv2
    import numpy as np

    from cxr_core.images.decode.file import decode

    try:
        decoded = decode(path, size_px=size_px)
    except OSError:
        raise ImageError("The file cannot be read.") from None
    _check(path, found=decoded.content_hash, expected=content_hash, made=made)
    image, table = decoded.image, decoded.table
    scale = min(1.0, size_px / max(image.height, image.width))
    shown = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    samples = cv2.resize(image.pixels, shown, interpolation=cv2.INTER_AREA)
    return Original(
        height=image.height,
        width=image.width,
        shown_height=shown[1],
        shown_width=shown[0],
        bits=8 * samples.dtype.itemsize,
        lowest=image.lowest,
        highest=image.highest,
        is_falling=table is not None and bool(table[image.lowest] > table[image.highest]),
        samples=samples.astype(f"<u{samples.dtype.itemsize}").tobytes(),
        table=b"" if table is None else np.asarray(table, np.uint8).tobytes(),
    )


def _check(path: Path, *, found: str, expected: str, made: Made | None) -> None:
    from cxr_core.images import identity
    from cxr_core.images.decode.file import decode
    from cxr_core.images.harmonize import decoding_px, harmonize, pipeline_fingerprint

    try:
        identity.check_kinds([found], [expected])
    except DataError as error:
        raise ImageError(str(error)) from None
    if found != expected:
        raise ImageError("The file in its place holds another image now than the run was made with.")
    if made is None or made.pipeline != pipeline_fingerprint(made.size_px):
        return
    picture = harmonize(decode(path, size_px=decoding_px(made.size_px)), size_px=made.size_px)
    if identity.of_picture(picture, content_hash=found, pipeline=made.pipeline) != made.picture_hash:
        raise ImageError(
            "The file in its place shows its image otherwise now than when the run was made: its window, its tables or "
            "its padding were changed."
        )


def main(orders: BinaryIO, answers: BinaryIO) -> None:
    """Carries out one order."""
    _limit_memory()
    order = json.loads(orders.read())
    try:
        found = perform(
            Path(order["path"]),
            content_hash=order["content_hash"],
            size_px=order["size_px"],
            made=None if order["made"] is None else Made(**order["made"]),
        )
    except ImageError as error:
        answers.write(json.dumps({"refused": str(error)}).encode() + b"\n")
        return
    head = {name: value for name, value in asdict(found).items() if name not in {"samples", "table"}}
    answers.write(json.dumps({**head, "table": len(found.table)}).encode() + b"\n" + found.table + found.samples)


def _received(answer: bytes) -> Original:
    line, _, content = answer.partition(b"\n")
    head = json.loads(line)
    if "refused" in head:
        raise ImageError(head["refused"])
    end = head.pop("table")
    return Original(**head, table=content[:end], samples=content[end:])


def _failed() -> Original:
    raise ImageError(_ENDED_UNEXPECTEDLY)


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
