"""Both sides of `make bench-long NAME=score` compute the same numbers."""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.score import FINDINGS, SITES, draw, ours, theirs
from cxr_core.store.open import open_run

METRICS = ("auroc", "average_precision", "recall", "specificity", "precision", "npv", "accuracy")


def test_both_have_the_same_values_and_gaps(tmp_path: Path) -> None:
    tables = draw(tmp_path, predictions=1200)
    assert theirs(tables, replicates=3, jobs=1) > 0
    found = pd.read_csv(tmp_path / "theirs.csv")
    assert (found["low"] <= found["high"]).all()
    shaped = dict(zip((*SITES, "gap"), found["value"].to_numpy().reshape(3, len(FINDINGS), len(METRICS)), strict=True))
    with open_run(ours(tables, results=tmp_path / "results", replicates=100)) as connection:
        for name, values in shaped.items():
            source = "gap WHERE" if name == "gap" else f"metric WHERE dataset = '{name}' AND"
            policy = "internal_policy = 'u_ignore' AND external_policy" if name == "gap" else "policy"
            rows = connection.execute(
                f"SELECT finding, metric, value FROM {source} {policy} = 'u_ignore' "  # noqa: S608 (names above)
                "AND stratum = 'all' AND finding IS NOT NULL AND coalesce(operating_point, 'stated') = 'stated'"
            ).df()
            stored = rows.pivot(index="finding", columns="metric", values="value")
            np.testing.assert_allclose(stored.loc[list(FINDINGS), list(METRICS)].to_numpy(), values, atol=1e-6)
