"""A table of a results file as Parquet, as somebody would keep it who reads it with pandas and wants that fast."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from cxr_core.store.open import open_run

_MOST_SCORES = 30
_MOST_CATEGORIES = 1000


@dataclass(frozen=True, kw_only=True)
class ParquetCopy:
    """A file.

    Attributes:
        path: Where it lies.
        names: What became of each column of the table: one column, or one for each element of its lists.
    """

    path: Path
    names: Mapping[str, tuple[str, ...]]


def write_parquet(run: Path, table: str, *, folder: Path) -> ParquetCopy:
    """Writes a table; lists of one length become columns of numbers, texts of few values categories.

    Args:
        run: The results file.
        table: Its name.
        folder: Where the copy goes.
    """
    with open_run(run) as connection:
        rows = cast("pa.Table", connection.sql(f'FROM "{table}"').to_arrow_table())
    columns: dict[str, pa.ChunkedArray] = {}
    names: dict[str, tuple[str, ...]] = {}
    for name in rows.column_names:
        parts = _parts(rows[name], name)
        names[name] = tuple(parts)
        columns |= parts
    path = folder / f"{table}.parquet"
    pq.write_table(pa.table(columns), path)
    return ParquetCopy(path=path, names=names)


def _parts(column: pa.ChunkedArray, name: str) -> dict[str, pa.ChunkedArray]:
    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        lengths = {each.as_py() for each in pa.compute.unique(pa.compute.list_value_length(column))} - {None}
        if len(lengths) == 1 and (length := lengths.pop()) <= _MOST_SCORES:
            return {f"{name}_{index}": pa.compute.list_element(column, index) for index in range(length)}
    if pa.types.is_string(kind) and pa.compute.count_distinct(column).as_py() < _MOST_CATEGORIES:
        return {name: column.dictionary_encode()}
    return {name: column}
