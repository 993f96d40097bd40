"""The metrics of docs/glossary.md, from the catalogue: `python -m docs.metrics` writes their table again."""

from pathlib import Path

from cxr_core.metrics.catalogue import records
from cxr_core.metrics.record import RESTS_ON, Baseline, Metric

PAGE = Path(__file__).parent / "glossary.md"

_BASELINES: dict[Baseline, str] = {
    "no_skill_best_constant": "`no_skill_best_constant`",
    "one_over_classes": "1 / k",
    "half": "0.5",
    "prevalence": "the share of images with the finding",
}
_START, _END = "<!-- metrics -->\n", "<!-- /metrics -->"


def page(text: str) -> str:
    """The page with the table as it is today.

    Args:
        text: The page.
    """
    before, rest = text.split(_START)
    after = rest.split(_END)[1]
    return f"{before}{_START}{_table()}{_END}{after}"


def _table() -> str:
    head = "| metric | what it is | how to read it | rests on | without skill |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(f"| {' | '.join(_row(metric))} |\n" for metric in records() if metric.scope != "macro")


def _row(metric: Metric) -> tuple[str, ...]:
    name = f"`{metric.name}_...`" if metric.scope == "count" else f"`{metric.name}`"
    baseline = _BASELINES[metric.baseline] if metric.baseline else ""
    return name, metric.formula.replace("|", "\\|"), metric.how_to_read, RESTS_ON[metric.rests_on], baseline


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
