"""What lies in a dataset's folders."""

from pathlib import Path, PurePath

IMAGE_SUFFIXES = (".dicom", ".dcm", ".png", ".jpg", ".jpeg")
"""Of files that can be read; an original's come first."""


def contents(folder: Path) -> str:
    """A folder's first entries, for a message."""
    if not folder.is_dir():
        return "a file" if folder.exists() else "no such folder"
    names = sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in folder.iterdir())
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(names[:6]) + more if names else "an empty folder"


def image_files(folder: Path) -> dict[str, str]:
    """The image files of a folder, from one listing: from the name without its suffix to the whole name.

    Of files that differ in their suffix alone, the first in the order of `IMAGE_SUFFIXES` is taken.
    """
    rank = {suffix: place for place, suffix in enumerate(IMAGE_SUFFIXES)}
    ranked = sorted((rank[suffix], path.name) for path in folder.iterdir() if (suffix := path.suffix.lower()) in rank)
    return {PurePath(name).stem: name for _, name in reversed(ranked)}
