"""Why a gap is there, for the terminal: its terms on the balanced scale, and each finding's verdict."""

from collections.abc import Sequence

import duckdb

_TERMS = """
    SELECT model_id, internal_dataset, external_dataset, finding, part, name, value, low, high, reason
    FROM waterfall
    WHERE scale = 'balanced_accuracy' AND cause = 'view' AND part IN ('gap', 'term')
"""

_VERDICTS = """
    SELECT model_id, internal_dataset, external_dataset, finding, ranking, threshold FROM verdict
"""

_NAMES = {
    "cause_not_won_back": "view, not won back",
    "cause_won_back": "view, won back by local thresholds",
    "thresholds": "thresholds",
    "what_remains": "what remains",
    "other_classes": "other classes",
}


def shift_blocks(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A block for each model and pair of tests.

    Args:
        connection: A sealed results file.

    Returns:
        None of models that were not taken apart.
    """
    terms = connection.execute(_TERMS).fetchall()
    verdicts = connection.execute(_VERDICTS).fetchall()
    places = list(dict.fromkeys(row[:3] for row in [*terms, *verdicts]))
    return [
        "\n".join(
            [
                f"Why, {model}, {internal} to {external}",
                *_waterfalls([row[3:] for row in terms if row[:3] == (model, internal, external)]),
                *_findings([row[3:] for row in verdicts if row[:3] == (model, internal, external)]),
            ]
        )
        for model, internal, external in places
    ]


def _waterfalls(
    rows: Sequence[tuple[str | None, str, str, float | None, float | None, float | None, str | None]],
) -> list[str]:
    lines = []
    for finding, part, name, value, low, high, reason in rows:
        of = "all classes" if finding is None else finding
        if part == "gap" and value is not None:
            lines.append(f"  balanced accuracy, {of}: {100 * value:.1f} points lost{_interval(low, high)}")
        elif name == "cause_not_won_back" and reason is not None:
            lines.append(f"    view: not identifiable ({reason}), part of what remains")
        elif name in _NAMES and value is not None and (low is not None or value):
            lines.append(f"    {_NAMES[name]:<36} {100 * value:.1f}{_interval(low, high)}")
    return lines


def _findings(rows: Sequence[tuple[str, str | None, str | None]]) -> list[str]:
    return [
        f"  {finding}: " + ("not estimable" if ranking is None else f"ranking {ranking}, threshold {threshold}")
        for finding, ranking, threshold in rows
    ]


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" [{100 * low:.1f}, {100 * high:.1f}]"
