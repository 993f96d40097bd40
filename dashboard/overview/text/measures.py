"""Names of what a model reaches by other numbers."""

from dashboard.overview.data.measures import AT_EXTERNAL_MIX
from dashboard.text.cells import small
from dashboard.text.primary import DECLARED, metric

ALT = "Accuracy, accuracy at the external class mix, balanced accuracy and macro AUROC in both tests"


def name(of: str, *, is_primary: bool) -> str:
    """What a number is called, Markdown, and whether it is the one that was declared."""
    label = "accuracy at the external class mix" if of == AT_EXTERNAL_MIX else metric(of)
    return f"**{label}** {small(DECLARED)}" if is_primary else label
