"""With many classes not everything is measured in every group; with few, it is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxr_core.evaluation.inputs import MANY_CLASSES, Scored, Site
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import metric_rows


def _measured(sites: list[Site], scored: list[Scored], *, k: int, shown: frozenset[str]) -> pd.DataFrame:
    """The first site with so many classes; those beyond the sixth are never present."""
    more = k - sites[0].n_classes
    references = {
        policy: replace(one, present=np.pad(one.present, ((0, 0), (0, more))))
        for policy, one in sites[0].references.items()
    }
    one = replace(
        scored[0],
        probability=np.pad(scored[0].probability, ((0, 0), (0, more))) / np.float32(1),
        train_mix=np.pad(scored[0].train_mix, (0, more)),
    )
    site = replace(sites[0], references=references, shown=shown)
    return metric_rows(measure([site], [one], classes=[f"Finding {i}" for i in range(k)], seed=0, replicates=0))


@pytest.mark.parametrize("k", [MANY_CLASSES, MANY_CLASSES + 1])
def test_strata_are_those_of_the_shown_policy_and_counts_of_all_images(
    sites: list[Site], scored: list[Scored], k: int
) -> None:
    found = _measured(sites, scored, k=k, shown=frozenset({"majority"}))
    of_strata = found[found["stratum"] != "all"]
    assert set(found["policy"]) == {"majority", "unanimous"}
    counts = of_strata["metric"].str.startswith("predicted_as")
    if k > MANY_CLASSES:
        assert set(of_strata["policy"]) == {"majority"}
        assert not counts.any()
    else:
        assert set(of_strata["policy"]) == {"majority", "unanimous"}
        assert counts.any()
    assert found.loc[found["stratum"] == "all", "metric"].str.startswith("predicted_as").sum() == 4 * k**2


def test_where_no_policy_is_shown_first_all_have_strata(sites: list[Site], scored: list[Scored]) -> None:
    found = _measured(sites, scored, k=MANY_CLASSES + 1, shown=frozenset())
    assert set(found.loc[found["stratum"] != "all", "policy"]) == {"majority", "unanimous"}
