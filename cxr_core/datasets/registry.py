"""The registry of readers: every dataset that can be read, written out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cxr_core.datasets import chexpert, synthetic, table, vinbigdata
from cxr_core.errors import SettingsError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest


class Reader(Protocol):
    """What a reader module gives: a published layout as manifests, the training set first."""

    def __call__(
        self, root: Path, *, classes: Sequence[str], private: Path, attributes: Sequence[str] = (), needs_images: bool
    ) -> tuple[Manifest, ...]:
        """The datasets under `root`, their names matched with `classes`.

        `private` is a folder for keys that must never leave this machine; `attributes` names further columns of a table
        that are to be taken; a table need have no image files unless it `needs_images`.
        """
        ...


READERS: dict[str, Reader] = {
    "vinbigdata": vinbigdata.read,
    "chexpert": chexpert.read,
    "table": table.read,
}


def read(
    name: str,
    root: Path,
    *,
    classes: Sequence[str] = FINDINGS,
    private: Path,
    attributes: Sequence[str] = (),
    needs_images: bool = True,
) -> tuple[Manifest, ...]:
    """The datasets that lie in a folder, the training set first, each with what a marker says of it.

    Args:
        name: The reader: `vinbigdata`, `chexpert` or `table`.
        root: The dataset's folder; for `table` the CSV file.
        classes: What the run's classes are called.
        private: A folder in the cache where `table` keeps its key and its map; others ignore it.
        attributes: Further columns that `table` takes as attributes of the images; others have none.
        needs_images: Whether a table's images must be there; the others' always must.

    Raises:
        SettingsError: If there is no reader of that name.
        DataError: If what lies there is not what the reader knows.
    """
    reader = READERS.get(name)
    if reader is None:
        known = ", ".join(READERS)
        raise SettingsError(f"There is no reader {name!r}. Known are: {known}. One's own hospital is table:FILE.csv.")
    manifests = reader(root, classes=classes, private=private, attributes=attributes, needs_images=needs_images)
    return tuple(synthetic.told(manifest) for manifest in manifests)
