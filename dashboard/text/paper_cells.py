"""One cell of a table as a paper prints it."""

import math
from collections.abc import Callable, Mapping, Sequence

from cxr_core.metrics import catalogue
from dashboard import words
from dashboard.notation import NOT_ESTIMABLE, Estimate, Spread, Unit, bare, bracket, points, probability
from dashboard.results.downloads import Cell, Row

_PROBABILITIES = frozenset({"probability", "probability_of_class", "probability_of_predicted"})

_RESTING_ON_N = frozenset({"share", "accuracy", "mean_confidence"})
"""Shares that are no numbers where their row is not estimable."""

_SHARES = _RESTING_ON_N | {
    *("readers_hit", "bin_low", "bin_high"),
    *("threshold", "recall", "false_positive_rate", "precision"),
}

_WORDS: Mapping[str, Callable[[str], str]] = {
    "role": words.role,
    "policy": words.policy,
    "stratum": words.stratum,
    "view": words.view,
    "sex": words.sex,
}

_CODES = frozenset({"step", "sort", "left_out", "usual_place_from", "scale", "part", "name_of_part", "gain_in"})


def said(row: Row, name: str) -> str:
    """What a row has in a column, in words; empty where it has nothing."""
    value = row.get(name)
    if value is None or is_undefined(value):
        return _of_no_one(row, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return words.one_line(_in_words(row, name, value))
    if isinstance(value, int):
        return f"{value:,}"
    if name in _PROBABILITIES:
        return probability(value).removesuffix("\u00a0%")
    return points(value) if name in _SHARES else _minus(f"{value:.4g}")


def share(row: Row | None, name: str) -> str:
    """The same, but for a share of too few images."""
    if row is None:
        return ""
    is_number = name not in _RESTING_ON_N or is_undefined(row.get(name)) or not row.get("not_estimable")
    return said(row, name) if is_number else NOT_ESTIMABLE


def number(row: Row | None) -> str:
    """``52.1 [50.0, 54.3]``; of a score ``0.839 [0.801, 0.866]``; of a mean of members ``52.1 (50.0 to 54.3)``."""
    if row is None or is_undefined(row["value"]):
        return ""
    if row["not_estimable"]:
        return NOT_ESTIMABLE
    spread: Spread = "range" if row.get("spread") == "range" else "interval"
    unit: Unit = "share" if _is_share(row) else "score"
    return _with_ends(row, ("value", "low", "high"), spread=spread, unit=unit)


def count(row: Row | None) -> str:
    """``341``, or ``56 of 341`` where those with the finding are told."""
    if row is None:
        return ""
    n, positive = row["n"], row["n_positive"]
    return f"{positive:,} of {n:,}" if positive is not None and n else f"{n:,}"


def difference(row: Row | None) -> str:
    """What a model knows of its training images and not of new ones."""
    names = ("train_test_gap", "train_test_gap_low", "train_test_gap_high")
    return "" if row is None or is_undefined(row[names[0]]) else _with_ends(row, names, spread="interval", unit="share")


def units(rows: Sequence[Row]) -> list[str]:
    """What must be said of the cells once, a sentence each."""
    spreads = {row.get("spread", "interval") for row in rows if not is_undefined(row.get("low"))}
    numbers = [row for row in rows if "metric" in row]
    in_percent = any(map(_is_share, numbers)) if numbers else bool((_SHARES | _PROBABILITIES) & set(*rows[:1]))
    sentences = {
        "Shares in %.": in_percent,
        "n: images with the finding, of all.": any(row["n_positive"] is not None and row["n"] for row in numbers),
        "In brackets: 95 % intervals.": "interval" in spreads and bool(numbers),
        "Of means of members, in parentheses: from the lowest to the highest.": "range" in spreads,
    }
    return [sentence for sentence, is_said in sentences.items() if is_said]


def is_undefined(value: Cell) -> bool:
    """Whether nothing is defined."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _of_no_one(row: Row, name: str) -> str:
    if name == "finding" and "metric" in row:
        return "all classes"
    return f"{row['regime']}, single (mean of {row['members']})" if name == "model" and row.get("members") else ""


def _in_words(row: Row, name: str, value: str) -> str:
    if name in _WORDS:
        return _WORDS[name](value)
    if name in ("dataset", "near_dataset"):
        return words.dataset(value, synthetic=name == "dataset" and bool(row["synthetic"]))
    if name == "metric" and (metric := catalogue.find(value)) is not None:
        return metric.label
    return value.replace("_", " ") if name == "metric" or name in _CODES else value


def _is_share(row: Row) -> bool:
    name = str(row["metric"])
    return catalogue.find(name) is None or catalogue.is_share(name)


def _with_ends(row: Row, names: tuple[str, str, str], *, spread: Spread, unit: Unit) -> str:
    value, low, high = (math.nan if (each := row[name]) is None else float(each) for name in names)
    ends = bracket(Estimate(value=value, low=low, high=high, n=0, estimable=True, spread=spread, unit=unit))
    shown = bare(value, unit=unit)
    return f"{shown} {f'({ends})' if spread == 'range' else ends}" if ends else shown


def _minus(text: str) -> str:
    return text.replace("-", "\u2212")
