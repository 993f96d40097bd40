"""Runs of brought models, one a kind: what they give, where they were tested, and of how many findings."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from tests.support.brought import UNLABELLED_OUTSIDE, write_brought
from tests.support.classes import THIRTY
from tests.support.made.once import made_once

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


KINDS: Mapping[str, Kind] = {
    "scores": {"role_basis": "declared"},
    "flags": {"models": ("flags",), "role_basis": "not_known"},
    "both": {"models": ("scores", "flags")},
    "external": {"has_internal": False, "role_basis": "not_known", "unit": "study"},
    "external_flags": {"has_internal": False, "models": ("flags",)},
    "one": {"classes": ("Edema",), "unit": "study"},
    "thirty": {"classes": THIRTY, "prevalence": (0.5, 0.3, 0.2, 0.1, 0.05)},
}
"""``both``: two models, of which one gives scores and one flags."""


@made_once
def write(results: Path, kind: str) -> Path:
    """Writes the run of a kind, named after it, below a results folder, and gives its results file.

    It has no image files. 240 images (or studies) a site, of 150 patients.
    """
    path = results / kind / "results.duckdb"
    path.parent.mkdir()
    wanted: Kind = {"classes": THREE, "models": ("scores",), **KINDS[kind]}
    return write_brought(path, **wanted)
