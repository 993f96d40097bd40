"""Weights on disk: written whole with a digest, checked when read. Nothing is pickled, nothing unpickled."""

import hashlib
import json
import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeGuard

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from cxr_core import files
from cxr_core.errors import DataError

# torchvision's DenseNet files still name layers as an old release did: `norm.1` where its network now says `norm1`.
_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)")


_WRAPPERS = ("module.", "_orig_mod.")
"""What torch's parallel and compiled networks put before every name."""


@dataclass(frozen=True, kw_only=True)
class Stored:
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


def read(path: Path) -> Stored:
    """Reads a safetensors file, or a torch file of plain tensors or with one entry of such, as checkpoints have.

    Args:
        path: A file; ``.safetensors`` decides the format.

    Returns:
        Its tensors and metadata.

    Raises:
        DataError: If it is missing, damaged, of another format, or would have to run code to be read.
    """
    try:
        stored = _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)
    except FileNotFoundError:
        raise DataError(f"No weights file at {path}. Check the path.") from None
    except (SafetensorError, pickle.UnpicklingError, OSError, RuntimeError, EOFError, ValueError) as error:
        first = str(error).strip().splitlines()[:1]
        raise DataError(
            f"{path} cannot be read as weights ({first[0] if first else type(error).__name__}). Expected a whole "
            "safetensors file, or a torch file that holds nothing but tensors by name. Bring it again."
        ) from error
    digest = stored.metadata.get("digest")
    if digest is not None and digest != _digest(stored.tensors, stored.metadata):
        raise DataError(f"{path} is damaged: its content does not match its digest. Delete it, or bring it again.")
    return stored


def read_metadata(path: Path) -> Mapping[str, str]:
    """What the writer of a safetensors file said about it; empty if there is no such file, or it is not whole.

    Only the header is read: nothing is checked against the digest.
    """
    try:
        with path.open("rb") as content:
            return _metadata(content, size=path.stat().st_size)
    except (OSError, ValueError):
        return {}


def _read_safetensors(path: Path) -> Stored:
    # Not by the package's own memory map: a file cut off or written anew under a map ends the process with a bus error.
    content = path.read_bytes()
    tensors = load(content)
    return Stored(tensors=tensors, metadata=_metadata(BytesIO(content), size=len(content)))


def _read_torch(path: Path) -> Stored:
    content = torch.load(path, map_location="cpu", weights_only=True)
    states = {"": content} if _is_state(content) else _entries(content)
    if len(states) != 1:
        several = f"several entries of tensors, {' and '.join(states)}; save one of them alone"
        raise ValueError(f"it holds {several if states else 'something other than tensors by name'}")
    ((entry, state),) = states.items()
    wrapper = next((prefix for prefix in _WRAPPERS if all(name.startswith(prefix) for name in state)), "")
    named = {name.removeprefix(wrapper): value for name, value in state.items()}
    return Stored(tensors={_OLD_DENSENET.sub(r"\1\2", name): value for name, value in named.items()}, entry=entry)


def _entries(content: object) -> dict[str, dict[str, torch.Tensor]]:
    """The entries of a checkpoint that are tensors by name; an optimizer's numbers its own."""
    if not isinstance(content, dict):
        return {}
    return {str(name): value for name, value in content.items() if _is_state(value)}


def _is_state(content: object) -> TypeGuard[dict[str, torch.Tensor]]:
    return (
        isinstance(content, dict)
        and bool(content)
        and all(isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in content.items())
    )


def _metadata(content: BinaryIO, *, size: int) -> dict[str, str]:
    """Reads the header: eight bytes with its length, then JSON that says where each tensor ends.

    Source:
        The format's own description, https://huggingface.co/docs/safetensors.
    """
    length = int.from_bytes(content.read(8), "little")
    if not 2 <= length <= size - 8:
        raise ValueError(f"a header of {length} bytes in a file of {size}")
    header = json.loads(content.read(length))
    metadata = header.pop("__metadata__", {})
    end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
    if 8 + length + end != size:
        raise ValueError(f"{size} bytes where the header tells of {8 + length + end}")
    return dict(metadata)


def _digest(tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> str:
    said = {name: value for name, value in metadata.items() if name != "digest"}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:32]
