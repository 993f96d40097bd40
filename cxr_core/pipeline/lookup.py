"""From a run's ids back to the site's own names, on the machine that keeps them; no name is written anywhere else."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from cxr_core.datasets.table.own_names import OwnNames, own_names
from cxr_core.errors import DataError, SettingsError, UnreadableError
from cxr_core.pipeline.workspace import RunFolder
from cxr_core.store.open import open_run, unreadable

Kind = Literal["image", "patient", "study"]

COLUMNS: dict[str, Kind] = {
    "image": "image",
    "image_id": "image",
    "file": "image",
    "patient": "patient",
    "patient_id": "patient",
    "study": "study",
    "study_id": "study",
}
"""Columns of a list that hold ids, and of what."""

OWN = "own_"
"""How a column of own names begins; the rest is the name of the column of ids."""

_IDS: dict[str, str] = {"image": "images", "patient": "patients", "study": "studies"}
_TABLE = "table"
_NAMED = 5

_HELD = """
    WITH asked AS (SELECT unnest($ids) AS id),
    held AS (
        SELECT image_id AS id, 'image' AS kind, dataset FROM image
        UNION ALL SELECT patient_id, 'patient', dataset FROM image
        UNION ALL SELECT study_id, 'study', dataset FROM image
        UNION ALL SELECT file, 'image', dataset FROM rejected
    )
    SELECT DISTINCT id, kind, dataset, reader FROM held SEMI JOIN asked USING (id) JOIN dataset USING (dataset)
    ORDER BY ALL
"""


@dataclass(frozen=True, kw_only=True)
class NamedId:
    """What an id of a run stands for.

    Attributes:
        id: As the run has it.
        kind: Of an image, a patient or a study; where rows are studies, an id is of both.
        dataset: Its dataset.
        name: The site's own name: a file below the table's folder, or the table's patient or study. A public id is its
            own.
        is_public: Whether it is no pseudonym.
    """

    id: str
    kind: Kind
    dataset: str
    name: str
    is_public: bool


def look_up(run: RunFolder, ids: Sequence[str], *, private: Path) -> tuple[NamedId, ...]:
    """What these ids stand for, in their order; an id that is of several datasets is there for each.

    Args:
        run: A complete run.
        ids: Of its images, patients or studies.
        private: Where this machine keeps the keys and maps of tables.

    Raises:
        SettingsError: If no dataset of the run is a table, or the run does not hold an id.
        DataError: If the names of a table are not on this machine, or are those of another key. A message names the
            places of ids and never an id or a name.
        StoreError: If the run cannot be opened.
    """
    return _looked_up(run, ids, private=private, place=lambda i: f"number {i + 1}")


def look_up_list(run: RunFolder, listed: Path, *, private: Path) -> str:
    """A CSV file of ids with a column ``own_image`` (or so) behind its own, as text.

    Args:
        run: A complete run.
        listed: With a heading, and at least one of `COLUMNS` in it; of a patient or a study a cell may be blank.
        private: Where this machine keeps the keys and maps of tables.

    Raises:
        SettingsError: As `look_up`.
        DataError: As `look_up`; or if the file is no such list.
        StoreError: If the run cannot be opened.
    """
    columns, rows = _read(listed)
    for column in columns:
        kind = COLUMNS.get(column)
        if kind is None:
            continue
        filled = [i for i, row in enumerate(rows) if row[column] or kind == "image"]
        ids = [rows[i][column] for i in filled]
        found = _looked_up(run, ids, private=private, place=_line_of(listed, filled, column))
        names = {one.id: one.name for one in found if one.kind == kind}
        _check_all(run, ids, names, place=_line_of(listed, filled, column), kind=kind)
        for row in rows:
            row[f"{OWN}{column}"] = names.get(row[column], "")
    text = io.StringIO()
    writer = csv.DictWriter(
        text, [*columns, *(f"{OWN}{name}" for name in columns if name in COLUMNS)], lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _looked_up(
    run: RunFolder, ids: Sequence[str], *, private: Path, place: Callable[[int], str]
) -> tuple[NamedId, ...]:
    readers, held = _ask(run, ids)
    if _TABLE not in readers.values():
        raise SettingsError(
            f"lookup expects a run with a table of one's own, found only {', '.join(sorted(readers))} in {run.run_id}: "
            "their ids are public, and each is its own name already."
        )
    _check_all(run, ids, held, place=place)
    maps = {
        dataset: own_names(private, dataset=dataset)
        for dataset in dict.fromkeys(dataset for one in ids for _, dataset, reader in held[one] if reader == _TABLE)
    }
    found = [
        (i, _found(one, kind=kind, dataset=dataset, names=maps.get(dataset)))
        for i, one in enumerate(ids)
        for kind, dataset, _ in held[one]
    ]
    if unknown := sorted({i for i, each in found if each is None}):
        raise DataError(
            f"{private}: expected the names behind the ids of {run.run_id}, found maps that do not know "
            f"{len(unknown):,} of {len(ids):,} ({_named(unknown, place)}). They were made with another key, or the "
            "table has lost these rows since. Bring that folder back from a backup, or look up on the machine of the "
            "run."
        )
    return tuple(each for _, each in found if each is not None)


def _ask(run: RunFolder, ids: Sequence[str]) -> tuple[Mapping[str, str], Mapping[str, list[tuple[Kind, str, str]]]]:
    """The reader of each dataset; and of each id that is held, what it is of, its dataset and the reader of that."""
    connection = open_run(run.results)
    try:
        readers = dict(connection.execute("SELECT dataset, reader FROM dataset").fetchall())
        rows = connection.execute(_HELD, {"ids": list(ids)}).fetchall()
    except duckdb.Error as error:
        raise unreadable(run.results, error) from error
    finally:
        connection.close()
    held: dict[str, list[tuple[Kind, str, str]]] = {}
    for one, kind, dataset, reader in rows:
        held.setdefault(one, []).append((kind, dataset, reader))
    return readers, held


def _found(one: str, *, kind: Kind, dataset: str, names: OwnNames | None) -> NamedId | None:
    if names is None:
        return NamedId(id=one, kind=kind, dataset=dataset, name=one, is_public=True)
    own = {"image": names.images, "patient": names.patients, "study": names.studies}
    name = own[kind].get(one)
    return None if name is None else NamedId(id=one, kind=kind, dataset=dataset, name=name, is_public=False)


def _check_all(
    run: RunFolder, ids: Sequence[str], held: Mapping[str, object], *, place: Callable[[int], str], kind: str = ""
) -> None:
    if absent := [i for i, one in enumerate(ids) if one not in held]:
        raise SettingsError(
            f"lookup expects ids of {_IDS[kind] if kind else 'images, patients or studies'} of {run.run_id}, found "
            f"{len(absent):,} of {len(ids):,} that it does not hold ({_named(absent, place)}). Copy them from a page "
            "or a download of this very run."
        )


def _named(places: Sequence[int], place: Callable[[int], str]) -> str:
    more = [f"{len(places) - _NAMED:,} more"] if len(places) > _NAMED else []
    return ", ".join([*map(place, places[:_NAMED]), *more])


def _line_of(listed: Path, filled: Sequence[int], column: str) -> Callable[[int], str]:
    return lambda i: f"{listed.name}, row {filled[i] + 2}, {column}"


def _read(listed: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with listed.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            columns, *cells = [row for row in rows if row] or [[]]
    except FileNotFoundError as error:
        raise DataError(f"--list takes a CSV file, found no file {listed}. Give the path of a download.") from error
    except OSError as error:
        raise UnreadableError.of(listed, error) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{listed}: expected a CSV file in UTF-8, found something else. Download it again.") from error
    if not COLUMNS.keys() & set(columns) or len(set(columns)) < len(columns):
        raise DataError(
            f"{listed}: expected a heading with a column of ids once ({', '.join(COLUMNS)}), found none or one twice. "
            "The list of Cases has one."
        )
    if taken := [name for name in columns if name.startswith(OWN)]:
        raise DataError(f"{listed}: expected a list without own names, found the column {taken[0]}. Give it as it was.")
    if wrong := [i for i, row in enumerate(cells) if len(row) != len(columns)]:
        raise DataError(
            f"{listed}: expected {len(columns)} cells in each row, found {len(cells[wrong[0]])} in row {wrong[0] + 2}. "
            "Download it again."
        )
    return columns, [dict(zip(columns, row, strict=True)) for row in cells]
