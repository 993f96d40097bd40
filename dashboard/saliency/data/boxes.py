"""Where readers' boxes lie: a mean box would lie between the two sides of the body, where no reader drew one."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cxr_core import localization
from dashboard.results.database import RunKey, columns
from dashboard.results.runs import classes
from dashboard.results.saliency_test import SaliencyTest
from dashboard.saliency.data.groups import OF_GROUP, OUTCOMES, Group

_SIDE = 64

_BOXES = f"""
    SELECT x0, y0, x1, y1
    FROM box JOIN name_match USING (dataset, finding) SEMI JOIN ({OF_GROUP}) AS wanted USING (dataset, image_id)
    WHERE dataset = $dataset AND name_match.class = $class
"""  # noqa: S608 (a constant)


@dataclass(frozen=True, kw_only=True)
class BoxDensity:
    """How many of the readers' boxes cover each place.

    Attributes:
        n: How many boxes there are.
        side: Rows and columns of the grid.
        values: ``side * side`` bytes, the share of boxes that cover each place; 255 at the densest.
        most: That share at the densest place, in (0, 1].
    """

    n: int
    side: int
    values: bytes
    most: float


@st.cache_data(max_entries=128, show_spinner=False)
def box_density(run: RunKey, test: SaliencyTest, *, finding: str, group: Group = "all") -> BoxDensity | None:
    """Where readers' boxes of a class lie on images of a group; None where there are none, and for false alarms."""
    if group == "false_alarm":
        return None
    given = {**test.parameters(), "outcomes": OUTCOMES[group], "class": classes(run).index(finding)}
    found = columns(run, _BOXES, given)
    corners = np.stack([found[name].astype(np.float64) for name in ("x0", "y0", "x1", "y1")], axis=1)
    covered = localization.coverage(corners, side=_SIDE)
    # NaN without boxes; 0 where each is smaller than a cell.
    most = float(covered.max())
    if not most > 0:
        return None
    values = np.rint(255 * covered / most).astype(np.uint8).tobytes()
    return BoxDensity(n=len(corners), side=_SIDE, values=values, most=most)
