"""The pictures of the page in plain text, for those who do not see them."""

from collections.abc import Mapping, Sequence

from dashboard.notation import NOT_ESTIMABLE, Estimate, amount, counted, percent
from dashboard.performance.data.answers import Bin
from dashboard.performance.data.areas import CurveAreas
from dashboard.performance.data.configurations import Panel, PanelRow
from dashboard.performance.data.subgroups import Subgroup
from dashboard.performance.text.names import titled
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.configurations import configuration_name
from dashboard.words import stratum


def panels(found: Sequence[Panel]) -> str:
    """Every number of the four configurations."""
    return " ".join(f"{titled(panel.metric)}: {'; '.join(map(_row, panel.rows))}." for panel in found)


def classes(rows: Sequence[Pair], *, metric: str) -> str:
    """A metric of every class at both sites."""
    return f"{metric} of each class. {'; '.join(map(_class, rows))}."


def areas(finding: str, tests: Mapping[Side, CurveAreas]) -> str:
    """Both areas of a class."""
    said = [
        f"{side} AUROC {_score(own.auroc)}, average precision {_score(own.precision)}" for side, own in tests.items()
    ]
    return f"ROC and precision-recall curves of {finding}: {'; '.join(said)}."


def bins(what: str, tests: Mapping[Side, Sequence[Bin]], *, right: str = "right") -> str:
    """Bins with their images and the share that is right.

    Args:
        what: What the picture is of.
        tests: The bins of each test.
        right: What is true of that share.
    """
    said = [
        f"{side}: {', '.join(_bin(confidence_bin, right) for confidence_bin in own if confidence_bin.n)}"
        for side, own in tests.items()
    ]
    return f"{what} {'; '.join(said)}."


def groups(found: Sequence[Subgroup], *, what: str) -> str:
    """Every group at both sites."""
    said = [f"{stratum(group.stratum)}: {_both(group.scores)}" for group in found]
    return f"{what}. {'; '.join(said)}."


def _row(panel_row: PanelRow) -> str:
    row = panel_row.configuration
    tests = {
        "training images": row.training if row.internal is None else None,
        "internal test": row.internal,
        "external test": row.external,
    }
    said = [f"{name} {_estimate(estimate)}" for name, estimate in tests.items() if estimate is not None]
    return f"{configuration_name(row)}, {', '.join(said)}"


def _bin(confidence_bin: Bin, right: str) -> str:
    return f"{counted(confidence_bin.n, 'image')} from {percent(confidence_bin.low)}, {confidence_bin.right:,} {right}"


def _class(row: Pair) -> str:
    return f"{row.name}: {_both(row)}"


def _both(row: Pair) -> str:
    return ", ".join(f"{side} {_score(row.of(side))}" for side in Side)


def _score(score: Number | None) -> str:
    return "none" if score is None else _estimate(score.estimate)


def _estimate(estimate: Estimate) -> str:
    return amount(estimate) if estimate.is_number else NOT_ESTIMABLE
