"""Starting weights of a network: ImageNet's from torchvision, or those of a file."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError

import torch

from cxr_core.errors import DataError, SettingsError
from cxr_core.network.tensor_file import check_finite, read
from cxr_core.network.trunks import BUILDERS
from cxr_core.settings import Architecture

Tensors = dict[str, torch.Tensor]

_TORCHVISION_HEADS = ("fc.", "classifier.")


def imagenet_trunk(architecture: Architecture, *, folder: Path) -> Tensors:
    """Torchvision's ImageNet weights, named as the layers of the trunk.

    Args:
        architecture: One that has such weights.
        folder: Looked into first, then torch's own cache of downloads; a download goes here.

    Raises:
        SettingsError: If there are none for this architecture, or they are not at hand and cannot be downloaded.
        DataError: If the file is damaged.
    """
    url = _url(architecture)
    name = url.rsplit("/", 1)[-1]
    candidates = (folder / name, Path(torch.hub.get_dir()) / "checkpoints" / name)
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        path = _download(url, to=folder / name)
    _check_digest(path)
    tensors = read(path).tensors
    check_finite(path, tensors)
    return {key: value for key, value in tensors.items() if not key.startswith(_TORCHVISION_HEADS)}


def started_from(path: Path, *, own: Mapping[str, torch.Tensor]) -> Tensors:
    """A network's tensors with those of a file in their place.

    Args:
        path: A member of ours, whose head is taken over too; or a file with torchvision's names, whose head means other
            classes (or ours in an order that is not known) and is left out.
        own: The network's own tensors: those that it keeps, and the shapes that the file must have.

    Raises:
        DataError: If the file is unreadable or of another architecture; it says which tensors do not fit.
    """
    # Files from before 2018 have no such counters, which nothing reads at a fixed momentum.
    counters = {name: tensor for name, tensor in own.items() if name.endswith("num_batches_tracked")}
    found = dict(read(path).tensors)
    if not any(name.startswith("trunk.") for name in found):
        kept = {name: tensor for name, tensor in own.items() if name.startswith("head.")}
        found = {f"trunk.{name}": tensor for name, tensor in found.items() if not name.startswith(_TORCHVISION_HEADS)}
        found |= kept
    found = counters | found
    check_finite(path, found)
    missing = [name for name in own if name not in found]
    unknown = [name for name in found if name not in own]
    other = [name for name in own if name in found and found[name].shape != own[name].shape]
    if missing or unknown or other:
        raise DataError(
            f"{path} does not fit the network: {_some('missing', missing)}{_some('unknown', unknown)}"
            f"{_some('of another shape', other)}Give weights of the same architecture, or name the architecture that "
            "they belong to."
        )
    return found


def started_from_note(weights: str) -> str | None:
    """What must be said of a file of starting weights: that it is a checkpoint, and which entry of it is taken.

    Args:
        weights: As in `Network`.

    Raises:
        DataError: If there is no such file, or it cannot be read.
    """
    if weights in ("imagenet", "none"):
        return None
    path = Path(weights)
    entry = read(path).entry
    return f"{path.name} is a checkpoint: the networks start from its entry {entry!r}." if entry else None


def _url(architecture: Architecture) -> str:
    weights = BUILDERS[architecture].imagenet
    if weights is None:
        raise SettingsError(
            f"The network {architecture!r} has no ImageNet weights. Start it with --weights none, or a file."
        )
    from torchvision import models

    return str(models.get_weight(weights).url)


def _download(url: str, *, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        torch.hub.download_url_to_file(url, str(to), progress=True)
    except (URLError, OSError) as error:
        raise SettingsError(
            f"ImageNet's weights are not at hand and could not be downloaded ({error}). Bring {to.name} from {url} to "
            f"{to.parent}, or start with --weights none."
        ) from error
    return to


def _check_digest(path: Path) -> None:
    """Torchvision's file names end with the first digits of the file's SHA-256."""
    expected = re.search(r"-([0-9a-f]{8})\.pth$", path.name)
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if expected and not found.startswith(expected[1]):
        raise DataError(
            f"{path} is damaged: its SHA-256 should begin with {expected[1]} and begins with {found[:8]}. "
            "Delete it, so that it is downloaded again, or bring it again."
        )


def _some(what: str, names: list[str]) -> str:
    if not names:
        return ""
    return f"{len(names)} {what} ({', '.join(names[:3])}{', ...' if len(names) > 3 else ''}). "
