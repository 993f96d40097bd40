"""Both sides write the same predictions."""

import duckdb
import numpy as np

from benchmarks.writing import draw, frame, ours, theirs

ROWS = "SELECT model_id, dataset, image_id, role, predicted, {scores} FROM prediction ORDER BY ALL"


def rows(path, scores: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(ROWS.format(scores=scores)).fetchall()


def test_both_write_the_same_rows(tmp_path) -> None:
    drawn = draw(images=40, models=3)
    expected = rows(
        theirs(frame(drawn), out=tmp_path / "theirs.duckdb"), ", ".join(f"probability_{index}" for index in range(6))
    )
    found = rows(ours(drawn, out=tmp_path / "ours.duckdb"), ", ".join(f"probability[{index}]" for index in range(1, 7)))
    assert found == expected
    assert len(found) == drawn.rows == 120
    np.testing.assert_allclose([sum(row[5:]) for row in found], 1, atol=1e-5)
