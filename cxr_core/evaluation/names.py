"""Names of metrics as they are stored, derived where they can be."""

import re

from cxr_core.findings import FINDINGS


def _snake(finding: str) -> str:
    return re.sub(r"[^a-z]+", "_", finding.lower())


PREDICTED_AS = tuple(f"predicted_as_{_snake(finding)}" for finding in FINDINGS)
"""Confusion counts of a class, in the order of the predicted class."""

MACRO = "macro_"
"""Prefix of a metric's mean over classes."""

NO_SKILL = "no_skill_"
"""Prefix of what answers score that look at no image."""
