"""Weights on disk: written whole with a digest, checked when read. Nothing is pickled, nothing unpickled."""

import hashlib
import json
import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TypeGuard

import torch
from safetensors.torch import load, save

from cxr_core import files
from cxr_core.errors import DataError, UnreadableError
from cxr_core.network.tensor_header import header_metadata

# torchvision's DenseNet files still name layers as an old release did: `norm.1` where its network now says `norm1`.
_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)")


_WRAPPERS = ("module.", "_orig_mod.")
"""What torch's parallel and compiled networks put before every name."""


@dataclass(frozen=True, kw_only=True)
class StoredTensors:
    """What a weights file holds.

    Attributes:
        tensors: By name, on the CPU.
        metadata: What the writer said about them; empty for files of other origin.
        entry: Of a training checkpoint, the name of the entry that holds them; empty where they are the whole file.
    """

    tensors: Mapping[str, torch.Tensor]
    metadata: Mapping[str, str] = field(default_factory=dict)
    entry: str = ""


def write(path: Path, *, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> None:
    """Writes a safetensors file whole, with a digest by which `read` knows every flipped bit.

    Args:
        path: Where; its folder is made.
        tensors: By name; copied to the CPU.
        metadata: Strings about them. The name ``digest`` is taken.

    Raises:
        NoRoomError: If the disk takes no more.
    """
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    # The package's own writing to a file lets nobody but the owner read it; a run is there to be handed on.
    files.write(path, save(plain, metadata={**metadata, "digest": _digest(plain, metadata)}))


def read(path: Path, *, is_ours: bool = False) -> StoredTensors:
    """Reads a safetensors file, or a torch file of plain tensors or with one entry of such, as checkpoints have.

    Args:
        path: A file; ``.safetensors`` decides the format.
        is_ours: Whether `write` wrote it: without a digest it is damaged.

    Returns:
        Its tensors and metadata.

    Raises:
        UnreadableError: If it is there and cannot be read.
        DataError: If it is missing, damaged, of another format, or would have to run code to be read.
    """
    try:
        stored = _read_stored(path)
    except FileNotFoundError:
        raise DataError(f"No weights file at {path}. Check the path.") from None
    except OSError as error:
        raise UnreadableError.of(path, error) from error
    except DataError:
        raise
    except Exception as error:  # a library raises many kinds over a stranger's file, and each means the same
        first = str(error).strip().splitlines()[:1]
        raise DataError(
            f"{path} cannot be read as weights ({first[0] if first else type(error).__name__}). Expected a whole "
            "safetensors file, or a torch file that holds nothing but tensors by name. Bring it again."
        ) from error
    digest = stored.metadata.get("digest")
    if digest is None and is_ours:
        raise DataError(f"{path} is damaged: it has lost its digest. Bring it again.")
    if digest is not None and digest != _digest(stored.tensors, stored.metadata):
        raise DataError(f"{path} is damaged: its content does not match its digest. Bring it again.")
    return stored


def check_finite(path: Path, tensors: Mapping[str, torch.Tensor]) -> None:
    """Refuses weights with which a network answers nothing.

    Args:
        path: Where they are from.
        tensors: By name.

    Raises:
        DataError: If a number in them is not finite; it says which tensors.
    """
    unusable = [name for name, tensor in tensors.items() if not bool(torch.isfinite(tensor).all())]
    if unusable:
        raise DataError(
            f"{path} holds numbers that are not finite, in {len(unusable)} of {len(tensors)} tensors (the first is "
            f"{unusable[0]!r}): no network works with them. Give weights of a training that went well."
        )


def read_metadata(path: Path) -> Mapping[str, str]:
    """What the writer of a safetensors file said about it; empty if there is no such file, or it is not whole.

    Only the header is read: nothing is checked against the digest.

    Raises:
        UnreadableError: If it is there and cannot be read.
    """
    try:
        with path.open("rb") as content:
            return header_metadata(content, size=path.stat().st_size)
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return {}
    except OSError as error:
        raise UnreadableError.of(path, error) from error


def _read_stored(path: Path) -> StoredTensors:
    if not stat.S_ISREG(path.stat().st_mode):  # a device may have no end
        raise DataError(f"Expected a weights file at {path}; found a folder or a device. Check the path.")
    return _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)


def _read_safetensors(path: Path) -> StoredTensors:
    # Not by the package's own memory map: a file cut off or written anew under a map ends the process with a bus error.
    content = path.read_bytes()
    metadata = header_metadata(BytesIO(content), size=len(content))
    return StoredTensors(tensors=load(content), metadata=metadata)


def _read_torch(path: Path) -> StoredTensors:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:  # torch itself compares no checksums
            if (damaged := archive.testzip()) is not None:
                raise ValueError(f"{damaged} does not match its checksum")
    content = torch.load(path, map_location="cpu", weights_only=True)
    states = {"": content} if _is_state(content) else _entries(content)
    if len(states) != 1:
        several = f"several entries of tensors, {' and '.join(states)}; save one of them alone"
        raise ValueError(f"it holds {several if states else 'something other than tensors by name'}")
    ((entry, state),) = states.items()
    wrapper = next((prefix for prefix in _WRAPPERS if all(name.startswith(prefix) for name in state)), "")
    named = {name.removeprefix(wrapper): value for name, value in state.items()}
    return StoredTensors(
        tensors={_OLD_DENSENET.sub(r"\1\2", name): value for name, value in named.items()}, entry=entry
    )


def _entries(content: object) -> dict[str, dict[str, torch.Tensor]]:
    """The entries of a checkpoint that are tensors by name; an optimizer's numbers its own."""
    if not isinstance(content, dict):
        return {}
    return {str(name): value for name, value in content.items() if _is_state(value)}


def _is_state(content: object) -> TypeGuard[dict[str, torch.Tensor]]:
    return (
        isinstance(content, dict)
        and bool(content)
        and all(isinstance(name, str) and _is_plain(value) for name, value in content.items())
    )


def _is_plain(value: object) -> bool:
    """Whether it is a tensor whose numbers are there, each at its place."""
    return (
        isinstance(value, torch.Tensor)
        and value.layout == torch.strided
        and value.device.type == "cpu"
        and not value.is_quantized
    )


def _digest(tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> str:
    said = {name: value for name, value in metadata.items() if name != "digest"}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:32]
