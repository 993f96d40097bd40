"""A real network's predictions of two real sites, where they are at hand: what its authors published comes out."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

from cxr_core import labels
from cxr_core.brought import NamedFile, assign, read
from cxr_core.datasets.table import read as read_labels

REAL = Path(__file__).parents[3].parent / "shared" / "real-predictions"
SITES = ("home", "home_val", "nih")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real predictions are not at hand")
def test_the_published_figures_come_out(tmp_path: Path) -> None:
    brought = read([NamedFile(None, REAL / f"{site}_predictions.csv") for site in SITES], findings=None, logits=False)
    manifests = [
        read_labels(REAL / f"{site}_labels.csv", classes=brought.findings, private=tmp_path, needs_images=False)[0]
        for site in SITES
    ]
    found = assign(brought, manifests)
    assert [len(row.position) for row in found.rows] == [22_281, 22_263, 22_424]
    assert found.notes() == ()
    row = found.rows[0]
    present, scores = labels.votes(manifests[0])[row.position, 0, 0], row.probability[:, 0]
    said = scores >= 0.5
    measured = (
        accuracy_score(present, said),
        precision_score(present, said),
        recall_score(present, said),
        recall_score(present == 0, ~said),
        roc_auc_score(present, scores),
    )
    assert np.round(measured, 4).tolist() == [0.7975, 0.7180, 0.8157, 0.7853, 0.8783]
