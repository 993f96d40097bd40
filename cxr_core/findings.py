"""The classes that a run has unless its settings say otherwise, and the one that says that there is nothing."""

from collections.abc import Sequence

FINDINGS = ("No Finding", "Cardiomegaly", "Nodule/Mass", "Lung Opacity", "Pleural Effusion", "Consolidation")
NO_FINDING = 0

NO_FINDING_NAME = FINDINGS[NO_FINDING]

MOST_CLASSES = 30
"""How many classes a run has at most."""


def no_finding(classes: Sequence[str]) -> int | None:
    """Which of a run's classes says that there is nothing; None if none of them does.

    Args:
        classes: What they are called.

    >>> no_finding(["Edema", "No Finding"])
    1
    """
    return classes.index(NO_FINDING_NAME) if NO_FINDING_NAME in classes else None
