"""The filter and order of a list of cases, as the address says them and as SQL asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dashboard.address_values import joined
from dashboard.results.database import Parameter
from dashboard.results.side import Side

Got = Literal["right", "wrong"]
Members = Literal["agree", "differ"]
Sort = Literal["confidently_wrong", "most_confident", "least_certain", "most_disputed", "highest", "lowest", "nearest"]
Outcome = Literal["true_positive", "false_alarm", "missed", "true_negative"]
"""Of one finding on one image: present or absent, flagged or not."""

OUTCOMES: tuple[Outcome, ...] = ("true_positive", "missed", "false_alarm", "true_negative")
"""Those of images that have the finding, then those of images that do not."""

AGES = ("0-19", "20-39", "40-59", "60-79", "80+")
"""As in the strata of `metric`."""

ATTRIBUTE = "attribute."
"""How the key of an attribute begins in an address: ``attribute.manufacturer``."""

EVERYTHING = (0, 100)
"""A confidence that lets all pass, in whole percents."""

BAND = "CASE WHEN age_years IS NOT NULL THEN least(floor(age_years / 20), 4)::INTEGER END"
"""Where an image's age stands in `AGES`; NULL where it is not recorded, which `least` would pass over."""

_OF_ATTRIBUTE = """
    image_id IN (
        SELECT image_id FROM attribute WHERE dataset = $dataset AND name = $asked_name_{i}
            AND value IN (SELECT unnest($asked_values_{i}))
    )
"""

_SLACK = 5e-6
"""A probability of 0.9 is stored as 0.89999998."""

_ORDERS: dict[Sort, tuple[str, str]] = {
    "confidently_wrong": ("right_answer::INTEGER", "-confidence"),
    "most_confident": ("0 * class", "-confidence"),
    "least_certain": ("0 * class", "confidence"),
    "most_disputed": ("-other_answers", "-spread"),
    "highest": ("0 * class", "-confidence"),
    "lowest": ("0 * class", "confidence"),
    "nearest": ("0 * class", "off_threshold"),
}

_ORDER_OF_FINDING = ("right_answer::INTEGER", "coalesce(-off_threshold, 0)")
"""Of the sort ``confidently_wrong`` where the cases are of one finding."""


def surest_first(outcome: Outcome, *, has_scores: bool) -> Sort:
    """The order in which what is surest of an outcome comes first.

    Args:
        outcome: Of all cases.
        has_scores: Whether the model gives scores, not flags alone.
    """
    if not has_scores:
        return "confidently_wrong"
    return "highest" if outcome in ("true_positive", "false_alarm") else "lowest"


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which images of a test. Of several values one must hold; none, or None, lets all pass.

    Attributes:
        at: Which test.
        true: Names of classes by the label policy.
        predicted: Names of classes that the model answered.
        got: Whether the answer was right.
        confidence: Whole percents from and to, both included: of the class that was answered.
        members: Whether all members give the ensemble's answer.
        view: As stored, such as ``PA``.
        sex: ``F`` or ``M``.
        age: Of `AGES`.
        attributes: Name of each attribute that an image must have, with its values, in the order of the names.
        id: Of one image, or of a patient.
        sort: The order.
        finding: The finding that the cases are of, where one class does not exclude the others; None: an image has one
            answer.
        outcome: What came of it.
    """

    at: Side = Side.EXTERNAL
    true: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()
    got: Got | None = None
    confidence: tuple[int, int] | None = None
    members: Members | None = None
    view: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    id: str | None = None
    sort: Sort = "confidently_wrong"
    finding: str | None = None
    outcome: tuple[Outcome, ...] = ()

    def address(self) -> dict[str, str | None]:
        """The filter as it stands in an address; what lets all pass is None, so that it leaves the address."""
        conf = None if self.confidence is None else "{}-{}".format(*self.confidence)
        return {
            "at": None if self.at is Side.EXTERNAL else self.at,
            "finding": self.finding,
            "outcome": joined(self.outcome) or None,
            "true": joined(self.true) or None,
            "as": joined(self.predicted) or None,
            "got": self.got,
            "conf": conf,
            "members": self.members,
            "view": joined(self.view) or None,
            "sex": joined(self.sex) or None,
            "age": joined(self.age) or None,
            **{f"{ATTRIBUTE}{name}": joined(values) for name, values in self.attributes},
            "id": self.id,
            "sort": self.sort if self.sort != "confidently_wrong" else None,
        }

    def without(self, key: str) -> "CaseFilter":
        """The filter without that of one key of its address."""
        name = key.removeprefix(ATTRIBUTE)
        return {
            "true": replace(self, true=()),
            "as": replace(self, predicted=()),
            "got": replace(self, got=None),
            "conf": replace(self, confidence=None),
            "members": replace(self, members=None),
            "view": replace(self, view=()),
            "sex": replace(self, sex=()),
            "age": replace(self, age=()),
            "id": replace(self, id=None),
            "outcome": replace(self, outcome=()),
        }.get(key) or replace(self, attributes=tuple(each for each in self.attributes if each[0] != name))

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of its address that let not all pass, without those of the test, the finding and the order."""
        never = ("at", "finding", "sort")
        return tuple(key for key, value in self.address().items() if value is not None and key not in never)

    @property
    def is_open(self) -> bool:
        """Whether it lets all images of its test pass."""
        return replace(self, sort="confidently_wrong") == CaseFilter(at=self.at, finding=self.finding)

    @property
    def asks_members(self) -> bool:
        """Whether the answers of single members matter, which costs a look at each of them."""
        return self.members is not None or self.sort == "most_disputed"

    def order(self) -> tuple[str, str]:
        """Two columns to sort by, both ascending; the id comes third, so that no two images can swap."""
        if self.finding is not None and self.sort == "confidently_wrong":
            return _ORDER_OF_FINDING
        return _ORDERS[self.sort]

    def conditions(self, *, classes: Sequence[str]) -> tuple[dict[str, str], dict[str, Parameter]]:
        """What follows WHERE for each key of its address that lets not all pass, and the parameters of all of it.

        A query names the columns of `results.case_list` and has a parameter ``$dataset``.

        Args:
            classes: The run's, which those of the filter are among.
        """
        parts: dict[str, str] = {}
        parameters: dict[str, Parameter] = {} if self.finding is None else {"finding": self.finding}
        one_of: dict[str, tuple[str, Sequence[str] | Sequence[int]]] = {
            "outcome": ("outcome", self.outcome),
            "true": ("class", [classes.index(name) for name in self.true]),
            "as": ("predicted", [classes.index(name) for name in self.predicted]),
            "view": ("view", self.view),
            "sex": ("sex", self.sex),
            "age": (BAND, [AGES.index(band) for band in self.age]),
        }
        for key, (column, values) in one_of.items():
            if values:
                parts[key] = f"{column} IN (SELECT unnest($asked_{key}))"
                parameters[f"asked_{key}"] = values
        if self.got is not None:
            parts["got"] = "right_answer" if self.got == "right" else "NOT right_answer"
        if self.members is not None:
            parts["members"] = "other_answers = 0" if self.members == "agree" else "other_answers > 0"
        if self.confidence is not None:
            parts["conf"] = "confidence BETWEEN $asked_low AND $asked_high"
            low, high = self.confidence
            parameters |= {"asked_low": low / 100 - _SLACK, "asked_high": high / 100 + _SLACK}
        if self.id is not None:
            parts["id"] = "(image_id = $asked_id OR patient_id = $asked_id)"
            parameters["asked_id"] = self.id
        for i, (name, wanted) in enumerate(self.attributes):
            parts[f"{ATTRIBUTE}{name}"] = _OF_ATTRIBUTE.format(i=i)
            parameters |= {f"asked_name_{i}": name, f"asked_values_{i}": list(wanted)}
        return parts, parameters

    def condition(self, *, classes: Sequence[str]) -> tuple[str, dict[str, Parameter]]:
        """All of `conditions` together."""
        parts, parameters = self.conditions(classes=classes)
        return all_of(parts), parameters


def all_of(parts: Mapping[str, str], *, but: str | None = None) -> str:
    """Conditions together, without that of one key."""
    return " AND ".join(part for key, part in parts.items() if key != but) or "TRUE"
