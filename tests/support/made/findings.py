"""Runs of brought models, one a kind: what they give, where they were tested, and of how many findings."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from tests.support.brought import UNLABELLED_OUTSIDE, write_brought
from tests.support.classes import THIRTY
from tests.support.made.once import made_once
from tests.support.results import change

THREE = ("Edema", "Cardiomegaly", UNLABELLED_OUTSIDE)
"""The last is not labelled externally."""


class Kind(TypedDict, total=False):
    """How a kind differs from scores of three findings in both tests; as `write_brought` takes it."""

    classes: tuple[str, ...]
    models: tuple[str, ...]
    has_internal: bool
    unit: str | None
    role_basis: str | None
    prevalence: tuple[float, ...]
    is_softmax: bool
    has_patients: bool
    external: tuple[str, ...]
    policies: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "scores": {"role_basis": "declared"},
    "flags": {"models": ("flags",), "role_basis": "not_known"},
    "both": {"models": ("scores", "flags")},
    "external": {"has_internal": False, "role_basis": "not_known", "unit": "study"},
    "external-flags": {"has_internal": False, "models": ("flags",)},
    "one": {"classes": ("Edema",), "unit": "study"},
    "trained": {},
    "ensemble": {},
    "studies": {"unit": "study", "models": ("scores", "flags")},
    "softmax": {"is_softmax": True, "models": ("softmax", "second"), "role_basis": "declared"},
    "external-softmax": {"is_softmax": True, "models": ("softmax",), "has_internal": False},
    "two-sites": {"external": ("away", "further")},
    "eleven": {"classes": THIRTY[:11], "prevalence": (0.5, 0.3), "policies": ("as_labelled", "strict")},
    "no-patients": {"has_patients": False},
    "no-patients-softmax": {"has_patients": False, "is_softmax": True},
    "thirty": {"classes": THIRTY, "prevalence": (0.5, 0.3, 0.2, 0.1, 0.05)},
}
"""``both``: two models, of which one gives scores and one flags. ``trained``: by the run itself, one member;
``ensemble``: three members, which differ, with features, and a second label policy.
``softmax``: two models that give one class an image."""

_TRAINED = """
    UPDATE model SET model_id = replace(model_id, 'scores', 'split');
    UPDATE model SET origin = 'trained', regime = 'split', seed = 0, architecture = 'resnet18', parameters = 11000000
        WHERE model_id = 'split';
    UPDATE prediction SET model_id = replace(model_id, 'scores', 'split');
    UPDATE metric SET model_id = replace(model_id, 'scores', 'split');
    UPDATE gap SET model_id = replace(model_id, 'scores', 'split');
    UPDATE threshold SET model_id = replace(model_id, 'scores', 'split');
    UPDATE waterfall SET model_id = replace(model_id, 'scores', 'split');
    UPDATE verdict SET model_id = replace(model_id, 'scores', 'split');
    UPDATE local_patients SET model_id = replace(model_id, 'scores', 'split');
    UPDATE class_mix SET model_id = replace(model_id, 'scores', 'split');
    INSERT INTO model BY NAME
        SELECT * REPLACE ('split-0' AS model_id, 0 AS member) FROM model WHERE model_id = 'split';
    INSERT INTO epoch VALUES ('split-0', 1, 0.7, 0.69, 10, 0.001), ('split-0', 2, 0.6, 0.65, 10, 0.001);
"""

_ENSEMBLE = """
    INSERT INTO model FROM (
        SELECT * EXCLUDE (m) REPLACE ('split-' || m AS model_id, m::TINYINT AS member)
        FROM model, range(1, 3) AS others(m) WHERE member = 0
    );
    INSERT INTO prediction FROM (
        SELECT * EXCLUDE (m) REPLACE ('split-' || m AS model_id, list_transform(
            probability, lambda p: CASE WHEN isnan(p) THEN p ELSE greatest(0, least(1, p + (m - 1) / 10))::FLOAT END
        ) AS probability)
        FROM prediction, range(3) AS members(m)
    );
    INSERT INTO feature SELECT model_id, dataset, image_id, list_transform(
            range(4), lambda i: (hash(image_id || '/' || model_id || '/' || i) % 1000 / 1000 + 0.01)::FLOAT
        ) FROM prediction WHERE model_id <> 'split';
    INSERT INTO policy BY NAME SELECT * REPLACE ('u_ones' AS policy, false AS is_default) FROM policy;
    INSERT INTO reference BY NAME SELECT * REPLACE ('u_ones' AS policy, list_transform(
            present, lambda p, i: CASE WHEN isnan(p) AND i < 3 THEN 1 ELSE p END
        ) AS present) FROM reference;
"""


@made_once
def write(results: Path, kind: str) -> Path:
    """Writes the run of a kind, named after it, below a results folder, and gives its results file.

    It has no image files. 240 images (or studies) a site, of 150 patients.
    """
    path = results / kind / "results.duckdb"
    path.parent.mkdir()
    wanted: Kind = {"classes": THREE, "models": ("scores",), **KINDS[kind]}
    write_brought(path, **wanted)
    if kind in ("trained", "ensemble"):
        change(path, _TRAINED)
    if kind == "ensemble":
        change(path, _ENSEMBLE)
    return path
