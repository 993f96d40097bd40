"""From pseudonyms back to a site's own names, by the maps that its tables left on this machine."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cxr_core.errors import DataError, UnreadableError

_IMAGE = ("image_id", "file")
_PATIENT = ("patient_id", "patient")
_STUDY = ("study_id", "study")


@dataclass(frozen=True, kw_only=True)
class OwnNames:
    """What is behind the pseudonyms of a table's dataset.

    Attributes:
        images: From an image's pseudonym to its file, below the table's folder; of a table of studies to the study.
        patients: From a patient's pseudonym to the table's own name.
        studies: From a study's pseudonym to the table's own name.
    """

    images: dict[str, str] = field(default_factory=dict)
    patients: dict[str, str] = field(default_factory=dict)
    studies: dict[str, str] = field(default_factory=dict)


def own_names(private: Path, *, dataset: str) -> OwnNames:
    """The names of all tables that were read on this machine as this dataset, wherever they lay.

    Args:
        private: Where keys and maps of tables are kept.
        dataset: Its name in a run.

    Raises:
        DataError: If there is no such folder, or no map of such a table in it, or one is damaged. A message holds
            neither a pseudonym nor a name.
    """
    if not private.is_dir():
        raise DataError(
            f"{private}: expected the folder that keeps the names of private tables, found none. Look up on the "
            "machine that read the table, and give its cache with --cache or SECOND_SITE_CACHE."
        )
    maps = [path for path in sorted(private.glob("*/map.csv")) if path.parent.name.rpartition("-")[0] == dataset]
    if not maps:
        raise DataError(
            f"{private}: expected the map of the table {dataset}, found none. Look up on the machine that read the "
            "table, and give its cache with --cache or SECOND_SITE_CACHE."
        )
    found = OwnNames()
    for path in maps:
        for row in _rows(path):
            found.images[row[_IMAGE[0]]] = row[_IMAGE[1]]
            for names, (pseudonym, name) in ((found.patients, _PATIENT), (found.studies, _STUDY)):
                if row.get(pseudonym):
                    names[row[pseudonym]] = row[name]
    return found


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, restval="")
            columns = set(rows.fieldnames or ())
            is_cut = any(len(columns & {*pair}) == 1 for pair in (_PATIENT, _STUDY))
            if not {*_IMAGE} <= columns or is_cut:
                raise _damaged(path)
            yield from rows
    except (UnicodeDecodeError, csv.Error) as error:
        raise _damaged(path) from error
    except OSError as error:
        raise UnreadableError.of(path, error) from error


def _damaged(path: Path) -> DataError:
    return DataError(
        f"{path}: expected a CSV file with the columns {_IMAGE[0]} and {_IMAGE[1]}, found something else. Bring the "
        "file back from a backup, or read the table again: the same key gives the same ids."
    )
