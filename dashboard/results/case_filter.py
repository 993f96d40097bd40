"""The filter and order of a list of cases, as the address says them and as SQL asks for them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

from dashboard.results.database import Value
from dashboard.results.side import Side

Choice = TypeVar("Choice", bound=str)

Got = Literal["right", "wrong"]
Members = Literal["agree", "differ"]
Sort = Literal["confidently_wrong", "most_confident", "least_certain", "most_disputed"]

AGES = ("0-19", "20-39", "40-59", "60-79", "80+")
"""As in the strata of `metric`."""

ATTRIBUTE = "attribute."
"""How the key of an attribute begins in an address: ``attribute.manufacturer``."""

_OLDER_THAN_ALL = 1000

_OF_ATTRIBUTE = """
    image_id IN (
        SELECT image_id FROM attribute WHERE dataset = $dataset AND name = $asked_name_{i} AND value = $asked_value_{i}
    )
"""

_SLACK = 5e-6
"""A probability of 0.9 is stored as 0.89999998."""

_ORDERS: dict[Sort, tuple[str, str]] = {
    "confidently_wrong": ("right_answer::INTEGER", "-confidence"),
    "most_confident": ("0 * class", "-confidence"),
    "least_certain": ("0 * class", "confidence"),
    "most_disputed": ("-other_answers", "-spread"),
}


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which images of a test; None lets all pass.

    Attributes:
        at: Which test.
        true: Name of the class by the label policy.
        predicted: Name of the class that the model answered.
        got: Whether the answer was right.
        confidence: Whole percents from and to, both included: of the class that was answered.
        members: Whether all members give the ensemble's answer.
        view: As stored, such as ``PA``.
        sex: ``F`` or ``M``.
        age: One of `AGES`.
        attributes: Name and value of each attribute that an image must have, in the order of the names.
        sort: The order.
    """

    at: Side = Side.EXTERNAL
    true: str | None = None
    predicted: str | None = None
    got: Got | None = None
    confidence: tuple[int, int] | None = None
    members: Members | None = None
    view: str | None = None
    sex: str | None = None
    age: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    sort: Sort = "confidently_wrong"

    @classmethod
    def from_address(
        cls, asked: Callable[[str], str | None], *, classes: Sequence[str], attributes: Sequence[str] = ()
    ) -> "CaseFilter":
        """The filter of an address, on a run of these classes; what does not exist lets all pass.

        Args:
            asked: What the address asks for under a key.
            classes: The run's.
            attributes: Names of the attributes that the address asks for. A value that no image has lets none pass.
        """
        return cls(
            at=Side.INTERNAL if asked("at") == Side.INTERNAL else Side.EXTERNAL,
            true=_one_of(classes, asked("true")),
            predicted=_one_of(classes, asked("as")),
            got=_one_of(get_args(Got), asked("got")),
            confidence=_percents(asked("conf")),
            members=_one_of(get_args(Members), asked("members")),
            view=_one_of(("PA", "AP", "frontal", "lateral"), asked("view")),
            sex=_one_of(("F", "M"), asked("sex")),
            age=_one_of(AGES, asked("age")),
            attributes=tuple((name, value) for name in sorted(attributes) if (value := asked(f"{ATTRIBUTE}{name}"))),
            sort=_one_of(get_args(Sort), asked("sort")) or "confidently_wrong",
        )

    def address(self) -> dict[str, str | None]:
        """The filter as it stands in an address; what lets all pass is None, so that it leaves the address."""
        conf = None if self.confidence is None else "{}-{}".format(*self.confidence)
        return {
            "at": None if self.at is Side.EXTERNAL else self.at,
            "true": self.true,
            "as": self.predicted,
            "got": self.got,
            "conf": conf,
            "members": self.members,
            "view": self.view,
            "sex": self.sex,
            "age": self.age,
            **{f"{ATTRIBUTE}{name}": value for name, value in self.attributes},
            "sort": self.sort if self.sort != "confidently_wrong" else None,
        }

    @property
    def is_open(self) -> bool:
        """Whether it lets all images of its test pass."""
        return replace(self, sort="confidently_wrong") == CaseFilter(at=self.at)

    @property
    def asks_members(self) -> bool:
        """Whether the answers of single members matter, which costs a look at each of them."""
        return self.members is not None or self.sort == "most_disputed"

    def order(self) -> tuple[str, str]:
        """Two columns to sort by, both ascending; the id comes third, so that no two images can swap."""
        return _ORDERS[self.sort]

    def condition(self, *, classes: Sequence[str]) -> tuple[str, dict[str, Value]]:
        """What follows WHERE, and its parameters, on a run of these classes, which those of the filter are among.

        The query has a parameter ``$dataset``.
        """
        equal: dict[str, Value] = {
            "class": None if self.true is None else classes.index(self.true),
            "predicted": None if self.predicted is None else classes.index(self.predicted),
            "view": self.view,
            "sex": self.sex,
        }
        parameters: dict[str, Value] = {
            f"asked_{column}": value for column, value in equal.items() if value is not None
        }
        parts = [f"{name.removeprefix('asked_')} = ${name}" for name in parameters]
        if self.got is not None:
            parts.append("right_answer" if self.got == "right" else "NOT right_answer")
        if self.members is not None:
            parts.append("other_answers = 0" if self.members == "agree" else "other_answers > 0")
        if self.confidence is not None:
            parts.append("confidence BETWEEN $asked_low AND $asked_high")
            low, high = self.confidence
            parameters |= {"asked_low": low / 100 - _SLACK, "asked_high": high / 100 + _SLACK}
        if self.age is not None:
            parts.append("age_years >= $asked_from AND age_years < $asked_before")
            first, _, last = self.age.removesuffix("+").partition("-")
            parameters |= {"asked_from": int(first), "asked_before": int(last) + 1 if last else _OLDER_THAN_ALL}
        for i, (name, value) in enumerate(self.attributes):
            parts.append(_OF_ATTRIBUTE.format(i=i))
            parameters |= {f"asked_name_{i}": name, f"asked_value_{i}": value}
        return " AND ".join(parts) or "TRUE", parameters


def _one_of(options: Sequence[Choice], asked: str | None) -> Choice | None:
    return next((option for option in options if option == asked), None)


def _percents(asked: str | None) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,3})-(\d{1,3})", asked or "")
    if found is None:
        return None
    low, high = int(found[1]), int(found[2])
    return (low, high) if low <= high <= 100 and (low, high) != (0, 100) else None
