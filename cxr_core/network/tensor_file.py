"""Weights on disk: written whole with a digest, checked when read. Nothing is pickled, nothing unpickled."""

import hashlib
import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from cxr_core.errors import DataError
from cxr_core.files import written_whole

# torchvision's DenseNet files still name layers as an old release did: `norm.1` where its network now says `norm1`.
_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a weights file holds.

    Attributes:
        tensors: By name, on the CPU.
        metadata: What the writer said about them; empty for files of other origin.
    """

    tensors: Mapping[str, torch.Tensor]
    metadata: Mapping[str, str] = field(default_factory=dict)


def write(path: Path, *, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> None:
    """Writes a safetensors file whole, with a digest by which `read` knows every flipped bit.

    Args:
        path: Where; its folder is made.
        tensors: By name; copied to the CPU.
        metadata: Strings about them. The name ``digest`` is taken.
    """
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with written_whole(path) as part:
        save_file(plain, part, metadata={**metadata, "digest": _digest(plain)})


def read(path: Path) -> Stored:
    """Reads a safetensors file, or a torch file of plain tensors.

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
    except (SafetensorError, OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        first = str(error).strip().splitlines()[:1]
        raise DataError(
            f"{path} cannot be read as weights ({first[0] if first else type(error).__name__}). Expected a whole "
            "safetensors file, or a torch file that holds nothing but tensors by name. Bring it again."
        ) from error
    digest = stored.metadata.get("digest")
    if digest is not None and digest != _digest(stored.tensors):
        raise DataError(f"{path} is damaged: its tensors do not match its digest. Delete it, or bring it again.")
    return stored


def read_metadata(path: Path) -> Mapping[str, str]:
    """What the writer of a safetensors file said about it; empty if there is no such file or it is not whole.

    Only the header is read: tensors are not checked against the digest.
    """
    try:
        with safe_open(path, framework="pt") as stored:
            return dict(stored.metadata() or {})
    except (SafetensorError, OSError):
        return {}


def _read_safetensors(path: Path) -> Stored:
    with safe_open(path, framework="pt") as stored:
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 (not a mapping)
        return Stored(tensors=tensors, metadata=dict(stored.metadata() or {}))


def _read_torch(path: Path) -> Stored:
    content = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(content, dict) or not all(isinstance(value, torch.Tensor) for value in content.values()):
        raise ValueError("it holds something other than tensors by name")
    return Stored(tensors={_OLD_DENSENET.sub(r"\1\2", str(name)): value for name, value in content.items()})


def _digest(tensors: Mapping[str, torch.Tensor]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:32]
