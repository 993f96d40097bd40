import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.findings import FINDINGS
from cxr_core.pipeline import seal, sites
from cxr_core.pipeline.inclusion import Inclusion
from cxr_core.pipeline.ingest import duplicate_notes, ingest

NAN = np.nan
EVERYTHING = Inclusion(views="frontal", external_images="all", seed=0)
ONE, OTHER = [1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]


def said(contents, present, **earlier):
    series = {name: pd.Series(hashes, dtype=object) for name, hashes in earlier.items()}
    return duplicate_notes(pd.Series(contents, dtype=object), np.array(present, np.float32), earlier=series)


@pytest.mark.parametrize(
    ("contents", "present", "counts"),
    [
        (["a", "b", None, None], [ONE, ONE, ONE, OTHER], None),
        (["a", "b", "a"], [ONE, OTHER, ONE], (1, 0)),
        (["a", "b", "a"], [ONE, OTHER, OTHER], (1, 1)),
        (["a", "b", "a", "b", "a"], [ONE, OTHER, OTHER, OTHER, [0] * 6], (2, 1)),
        (["a", "a"], [[NAN] * 6, [NAN] * 6], (1, 0)),
        (["a", "a"], [[NAN] * 6, [0] * 6], (1, 1)),
    ],
)
def test_copies_within_a_dataset_are_counted_with_those_that_contradict_each_other(contents, present, counts):
    words = "Exposures that are here more than once: {}; of these under labels that differ: {}."
    assert said(contents, present) == (() if counts is None else (words.format(*counts),))


def test_copies_of_another_dataset_are_counted():
    assert said(["a", "b", None], [ONE] * 3, home=["b", "c", None], other=["d", None]) == (
        "Images whose exposure is in home too: 1 of 2. What a model learned from is no test of it.",
    )


def test_a_table_copied_under_another_name_is_said_with_the_run(tmp_path, workspace, context):
    rng = np.random.default_rng(0)
    rows = []
    for i in range(6):
        cv2.imwrite(str(tmp_path / f"{i}.png"), rng.integers(0, 255, (40, 36)).astype(np.uint8))
        rows.append({"image": f"{i}.png", "patient": f"P{i}", **dict.fromkeys(FINDINGS, 0), FINDINGS[i]: 1})
    table = pd.DataFrame(rows)
    table.to_csv(tmp_path / "home.csv", index=False)
    table.assign(patient=[f"Q{i}" for i in range(6)]).to_csv(tmp_path / "twin.csv", index=False)
    planned = [
        one
        for site, name in (("source", "home"), ("external", "twin"))
        for one in sites.planned(
            sites.read(f"table:{tmp_path / name}.csv", classes=FINDINGS, default=None, workspace=workspace), site=site
        )
    ]
    datasets = ingest(planned, inclusion=EVERYTHING, size_px=32, context=context)
    assert datasets[0].notes == ()
    assert "twin: Images whose exposure is in home too: 6 of 6. What a model learned from is no test of it." in (
        seal.notes(datasets)
    )
