"""The registry of readers: every dataset that can be read, written out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cxr_core.datasets import chexpert, synthetic, table, vinbigdata
from cxr_core.errors import SettingsError
from cxr_core.manifest import Manifest


class Reader(Protocol):
    """What a reader module gives: a published layout as manifests, the training set first."""

    def __call__(self, root: Path, *, private: Path, attributes: Sequence[str] = ()) -> tuple[Manifest, ...]:
        """The datasets under `root`; `private` is a folder for keys that must never leave this machine.

        `attributes` names further columns of a table that are to be taken.
        """
        ...


READERS: dict[str, Reader] = {
    "vinbigdata": vinbigdata.read,
    "chexpert": chexpert.read,
    "table": table.read,
}


def read(name: str, root: Path, *, private: Path, attributes: Sequence[str] = ()) -> tuple[Manifest, ...]:
    """The datasets that lie in a folder, the training set first, each with what a marker says of it.

    Args:
        name: The reader: `vinbigdata`, `chexpert` or `table`.
        root: The dataset's folder; for `table` the CSV file.
        private: A folder in the cache where `table` keeps its key and its map; others ignore it.
        attributes: Further columns that `table` takes as attributes of the images; others have none.

    Raises:
        SettingsError: If there is no reader of that name.
        DataError: If what lies there is not what the reader knows.
    """
    reader = READERS.get(name)
    if reader is None:
        known = ", ".join(READERS)
        raise SettingsError(f"There is no reader {name!r}. Known are: {known}. One's own hospital is table:FILE.csv.")
    manifests = reader(root, private=private, attributes=attributes)
    return tuple(synthetic.told(manifest) for manifest in manifests)
