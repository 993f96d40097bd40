"""The epochs of every member."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.downloads import Row, beginning
from dashboard.training.data.training_sets import training_sets

_SQL = """
    SELECT model_id, regime, fold, member, list(epoch ORDER BY epoch), list(train_loss ORDER BY epoch),
        list(held_out_loss ORDER BY epoch), list(seconds ORDER BY epoch), list(learning_rate ORDER BY epoch)
    FROM model JOIN epoch USING (model_id)
    WHERE member IS NOT NULL
    GROUP BY model_id, regime, fold, member
    ORDER BY regime = 'full', regime, fold, member
"""

_OF_AN_EPOCH = ("epoch", "train_loss", "held_out_loss", "learning_rate", "seconds")

_EPOCHS = f"""
    SELECT model_id, regime, fold, member, {", ".join(_OF_AN_EPOCH)} FROM model JOIN epoch USING (model_id)
    ORDER BY regime = 'full', regime, fold, member, epoch
"""  # noqa: S608 (constants)


@dataclass(frozen=True, kw_only=True)
class TrainingCurve:
    """One member's way through its epochs; all lists are of the same length, which may be 0.

    Attributes:
        model: Its id.
        regime: What it was trained on.
        fold: The fold that it held out; None without folds.
        member: Which of its regime's (or fold's) members, from 0.
        planned: How many epochs it was to have; for a finished one those that it has.
        epochs: 1, 2, ...
        train_loss: Mean cross-entropy of the training images while they were met.
        held_out_loss: Mean cross-entropy of the held-out images after the epoch; NaN where nothing was held out.
        seconds: Wall time.
        learning_rate: At the start of the epoch; NaN where it was not recorded, nothing while the run goes on.
        are_few_held_out: Whether too few images were held out for a loss on them, which then is NaN.
    """

    model: str
    regime: str
    fold: int | None
    member: int
    planned: int
    epochs: tuple[int, ...]
    train_loss: tuple[float, ...]
    held_out_loss: tuple[float, ...]
    seconds: tuple[float, ...]
    learning_rate: tuple[float, ...] = ()
    are_few_held_out: bool = False


@st.cache_data(max_entries=64, show_spinner=False)
def curves(run: RunKey) -> tuple[TrainingCurve, ...]:
    """The members of a run with their epochs: split before full, fold by fold."""
    return tuple(_curve(row) for row in ask(run, _SQL))


def estimable(curves: Sequence[TrainingCurve], *, few: Collection[str]) -> tuple[TrainingCurve, ...]:
    """Members without the losses on held-out images that rest on too few.

    Args:
        curves: All members.
        few: Regimes that held out too few images.
    """
    return tuple(
        replace(curve, held_out_loss=(math.nan,) * len(curve.epochs), are_few_held_out=True)
        if curve.regime in few
        else curve
        for curve in curves
    )


def regimes(curves: Sequence[TrainingCurve]) -> tuple[str, ...]:
    """The regimes of some members, in their order."""
    return tuple(dict.fromkeys(curve.regime for curve in curves))


def epoch_rows(run: RunKey) -> list[Row]:
    """Every epoch of every member for a download, with what its regime was trained on."""
    known = {each.regime: {"dataset": each.dataset, "policy": each.policy} for each in training_sets(run)}
    return [
        {
            **beginning(run, model=str(model), role="train", **known.get(str(regime), {"dataset": None})),
            "regime": regime,
            "fold": fold,
            "member": member,
            **dict(zip(_OF_AN_EPOCH, measured, strict=True)),
        }
        for model, regime, fold, member, *measured in ask(run, _EPOCHS)
    ]


def _curve(row: tuple[Value, ...]) -> TrainingCurve:
    model, regime, fold, member, *lists = row
    epochs, train, held_out, seconds, rate = (_numbers(values) for values in lists)
    return TrainingCurve(
        model=str(model),
        regime=str(regime),
        fold=None if fold is None else int(fold),
        member=int(number(member)),
        planned=len(epochs),
        epochs=tuple(map(int, epochs)),
        train_loss=train,
        held_out_loss=held_out,
        seconds=seconds,
        learning_rate=rate,
    )


def _numbers(values: object) -> tuple[float, ...]:
    return tuple(map(number, values)) if isinstance(values, list) else ()
