"""The marker of a synthetic site: a file in its folder, or in one above, that says that a computer drew the images."""

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from cxr_core.files import write
from cxr_core.manifest import Manifest

MARKER = "SYNTHETIC.txt"

_TEXT = """\
A computer drew every image below this folder. They show no patient, and no result on them is one on patients.

Keep this file beside the images: Second Site reads from it that they are synthetic, and says so wherever it shows them.
"""


def mark(folder: Path) -> None:
    """Writes the marker into a site's folder."""
    write(folder / MARKER, _TEXT.encode())


def told(manifest: Manifest) -> Manifest:
    """The dataset, with what the markers say of it.

    A dataset is synthetic if a marker lies in its root or in a folder above that, or, where its table names files of
    any place, in or above the folder of one of its images: numbers of a mixture are not numbers on patients either.
    """
    is_marked = cache(_is_marked)
    folders = Counter(str(PurePosixPath(file).parent) for file in manifest.private_files.values())
    drawn = sum(count for folder, count in folders.items() if is_marked((manifest.root / folder).resolve()))
    if is_marked(manifest.root.resolve()):
        said = f"A computer drew these images: {MARKER} in their folder says so."
    elif drawn:
        said = f"A computer drew {drawn} of these {folders.total()} images: {MARKER} in their folder says so."
    else:
        return manifest
    return replace(manifest, synthetic=True, notes=(said, *manifest.notes))


def _is_marked(folder: Path) -> bool:
    return any((place / MARKER).is_file() for place in (folder, *folder.parents))
