"""The class of an image under each label policy of its dataset, or the reason why it has none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.results.database import RunKey, ask, number
from dashboard.results.images import Key
from dashboard.results.runs import classes

_SQL = """
    SELECT policy, is_default, description, class, left_out, present
    FROM policy LEFT JOIN (FROM reference WHERE image_id = $image) AS own USING (dataset, policy)
    WHERE dataset = $dataset ORDER BY is_default DESC, policy
"""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What one policy says.

    Attributes:
        policy: Its name.
        is_default: Whether it is the dataset's own choice.
        rule: What it does, in a sentence, as the run wrote it.
        classes: The run's.
        index: The class, an index into them; None if there is no single one.
        left_out: ``none``, ``several`` or ``uncertain``; None if there is a class, or the policy gives none at all.
        present: Of each class 1 or 0, or NaN where the policy does not know; empty if it does not know the image.
    """

    policy: str
    is_default: bool
    rule: str
    classes: tuple[str, ...]
    index: int | None
    left_out: str | None
    present: tuple[float, ...]

    @property
    def finding(self) -> str | None:
        """The class, as it is called."""
        return None if self.index is None else self.classes[self.index]

    @property
    def found(self) -> tuple[str, ...]:
        """The classes that are present."""
        return tuple(name for name, value in zip(self.classes, self.present, strict=False) if value == 1)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The classes of which the policy does not know whether they are present."""
        return tuple(name for name, value in zip(self.classes, self.present, strict=False) if math.isnan(value))


@st.cache_data(max_entries=128, show_spinner=False)
def truths(run: RunKey, *, key: Key) -> tuple[Truth, ...]:
    """An image under each policy, the default one first."""
    return tuple(
        Truth(
            policy=str(policy),
            is_default=bool(is_default),
            rule=str(rule),
            classes=classes(run),
            index=None if index is None else int(index),
            left_out=None if left_out is None else str(left_out),
            present=() if present is None else tuple(map(number, cast("Sequence[float | None]", present))),
        )
        for policy, is_default, rule, index, left_out, present in ask(run, _SQL, {"dataset": key[0], "image": key[1]})
    )
