"""What findings reach at thresholds by a rule, in words."""

from collections.abc import Callable, Mapping, Sequence

from dashboard.notation import NOT_ESTIMABLE, Estimate, amount, plural
from dashboard.performance.data.at_rule import PREDICTIVE, RuleRow, RuleThreshold
from dashboard.results.side import Side
from dashboard.results.thresholds import ChosenOn, Place
from dashboard.text.badges import LOCAL
from dashboard.text.cells import small
from dashboard.text.findings import LABELS
from dashboard.text.gaps import gray, told
from dashboard.words import listed, plain

HEADINGS: Mapping[Place, str] = {
    "internal": Side.INTERNAL.badge("internal"),
    "carried": Side.EXTERNAL.badge("carried"),
    "local": LOCAL.text,
}

_NAMES = {"recall": "recall (sensitivity)", "precision": "precision (PPV)"}

_ROLES = {
    "validation": "the validation images of {site}",
    "internal_test": "the internal test, {site}",
    "external_adapted": "{site}",
}


def answer(means: Sequence[RuleRow]) -> str:
    """Sensitivity and specificity as means over findings, internally, carried and local, Markdown."""
    said = [_mean(row) for row in means]
    return f"{'. '.join(said)}." if said else f"What it reaches at these thresholds is {NOT_ESTIMABLE}."


def measure(row: RuleRow, *, prevalence: float | None) -> str:
    """What is measured, plain text in Markdown: ``precision (PPV) at 5 %``."""
    name = _NAMES.get(row.metric, LABELS[row.metric])
    return f"{name} at {_share(prevalence)}" if prevalence is not None and row.metric in PREDICTIVE else name


def beside(place: int, row: RuleRow, limits: RuleThreshold | None) -> str:
    """What stands in the first column of a finding's rows, Markdown: its name, its thresholds, its positives.

    Args:
        place: Which of its rows, from 0.
        row: The row.
        limits: The thresholds of the finding.
    """
    carried, local = (None, None) if limits is None else (limits.carried, limits.local)
    tests = [counts for at, counts in row.positives.items() if at != "local"] or list(row.positives.values())
    texts = (
        f"**{plain(row.finding or '')}**",
        small("" if carried is None else f"threshold {carried:.4g}"),
        small("" if local is None else f"local {local:.4g}"),
        small(f"positives {', '.join(f'{n:,} of {of:,}' for n, of in tests)}"),
    )
    shown = [text for text in texts if text]
    return shown[place] if place < len(shown) else ""


def why(estimate: Estimate) -> str:
    """Why there is no number."""
    if not estimate.n:
        return "not known"
    return "undefined" if estimate.estimable else NOT_ESTIMABLE


def chosen(
    carried: Sequence[ChosenOn], local: Sequence[ChosenOn], *, site: Callable[[str], str], judged: Mapping[Side, str]
) -> str:
    """Where the thresholds were chosen, sentences in Markdown.

    Args:
        carried: The images of the internal site that they were chosen on.
        local: Those of the external site.
        site: How a page names a dataset, plain text.
        judged: Of each test, what folds are of: ``patient``, or what it is counted in.
    """
    inside, outside = (plural(judged.get(side, "image")) for side in Side)
    said = []
    if carried:
        others = f" (judged there on other {inside})" if any(role == "internal_test" for _, role in carried) else ""
        said.append(f"Thresholds were chosen on {_on(carried, site=site)}{others}, and carried as they are.")
    if local:
        said.append(f"▲: chosen on {outside} of {_on(local, site=site)}, judged on others; {LOCAL.meaning}.")
    return " ".join(said)


def of_prevalence(prevalence: float | None) -> str:
    """At which share with the finding predictive values are told."""
    if prevalence is None:
        return "PPV and NPV: at each site's own share with the finding."
    share = _share(prevalence)
    return f"PPV and NPV: if {share} had the finding, at sensitivity and specificity as found."


def _mean(row: RuleRow) -> str:
    label = f"Mean {LABELS[row.metric]}"
    both = told(label, row.at.get("internal"), row.at.get("carried"), row.lost, of="findings")
    local = row.at.get("local")
    if local is None or not local.is_number:
        return both
    if not {"internal", "carried"} & set(row.at):
        return f"{label} local **{amount(local)}**{gray(local)}"
    return f"{both}; local **{amount(local)}**{gray(local)}"


def _on(chosen_on: Sequence[ChosenOn], *, site: Callable[[str], str]) -> str:
    return listed([_ROLES.get(role, "{site}").format(site=plain(site(dataset))) for dataset, role in chosen_on])


def _share(prevalence: float | None) -> str:
    return "" if prevalence is None else f"{f'{100 * prevalence:.4g}'}\u00a0%"
