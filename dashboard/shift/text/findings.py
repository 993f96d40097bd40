"""A row a finding, in words."""

from collections.abc import Mapping

from dashboard.notation import NOT_ESTIMABLE, Estimate, amount, bare, bracket, plural
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.results.thresholds import Place
from dashboard.results.waterfalls import GapParts
from dashboard.text.badges import LOCAL
from dashboard.text.causes import term
from dashboard.words import plain

MARKS: Mapping[Place, str] = {"internal": Side.INTERNAL.mark, "carried": Side.EXTERNAL.mark, "local": "▲"}

_COLORS: Mapping[Place, str] = {"internal": "blue", "carried": "orange", "local": "gray"}

LEGEND = " ".join((Side.INTERNAL.badge(), Side.EXTERNAL.badge("external test, threshold carried there"), LOCAL.text))

_MIX = "Sensitivity and specificity: class mix is 0 by definition."

RANKING = "ranking"


def lines(at: Mapping[Place, Number]) -> str:
    """A number at each place, a line each, Markdown."""
    return "  \n".join(_line(place, at[place].estimate) for place in MARKS if place in at)


def auroc(pair: Pair | None) -> str:
    """AUROC in both tests and what is lost, a line each, Markdown."""
    if pair is None:
        return ""
    places: Mapping[Side, Place] = {Side.INTERNAL: "internal", Side.EXTERNAL: "carried"}
    said = [_line(places[side], number.estimate) for side, number in pair.sides.items()]
    if pair.lost is not None and pair.lost.is_number:
        said.append(f":gray[lost] {_number(pair.lost)}")
    return "  \n".join(said)


def youden(found: GapParts | None, *, is_estimable: bool) -> str:
    """What is lost at Youden's threshold and its two terms, a line each, Markdown."""
    if found is None:
        return ""
    if not is_estimable:
        return f":gray[:small[{NOT_ESTIMABLE}]]"
    said = [f":gray[lost] {_number(found.gap)}"]
    said += [f":gray[{plain(term(found, name))}] {_number(each)}" for name, each in found.terms.items()]
    return "  \n".join(said)


def footnote(*, rule: str, is_single_class: bool, has_terms: bool, intervals: str, noun: str) -> str:
    """What stands below the rows, Markdown.

    Args:
        rule: What the rule is called.
        is_single_class: Whether an image has one answer.
        has_terms: Whether Youden's index is taken apart.
        intervals: What they are over.
        noun: What is counted.
    """
    chosen = "chosen on the validation part, else across folds of the internal test"
    whose = "answers' own" if is_single_class else "stated"
    said = (
        f"Thresholds by {rule}: {chosen}; carried unchanged; ▲ chosen across folds of the external test.",
        _MIX,
        "Points lost: of sensitivity + specificity, by Youden's rule alone." if has_terms else "",
        f"Behind the arrows: external {plural(noun)}, at the {whose} thresholds.",
        f"In brackets: 95 % intervals {intervals}.",
    )
    return " ".join(filter(None, said))


def _line(place: Place, estimate: Estimate) -> str:
    mark = f":{_COLORS[place]}[{MARKS[place]}]"
    if not estimate.n:
        return f"{mark} :gray[:small[not known]]"
    if not estimate.is_number:
        return f"{mark} :gray[:small[{NOT_ESTIMABLE}]]"
    return f"{mark} {amount(estimate)} {_bracket(estimate)}"


def _number(estimate: Estimate) -> str:
    return f"{bare(estimate.value, unit=estimate.unit)} {_bracket(estimate)}"


def _bracket(estimate: Estimate) -> str:
    text = bracket(estimate)
    return f":gray[:small[{plain(text)}]]" if text else ""
