"""The progress of a run that is not complete."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from cxr_core.metrics import losses
from cxr_core.progress import report as reports
from cxr_core.progress.report import MemberSoFar, Report, StageName
from cxr_core.store.runs import RESULTS_FILE
from dashboard.results.runs import results_folder
from dashboard.training.data.losses import TrainingCurve
from dashboard.training.data.recipe import Settings, settings

Going = Literal["starting", "going_on", "stopped", "complete"]


@dataclass(frozen=True, kw_only=True)
class Live:
    """A run as it is at this moment.

    Attributes:
        going: ``starting``: a process holds it and has not said anything yet.
        stages: What it goes through, in order; empty if that is not known.
        stage: Where it is, or was when it stopped; None before the first stage.
        dataset: The dataset that the stage is about; None for all.
        done: How much of the stage is done.
        total: Out of how much.
        seconds_left: For this stage, at its pace; NaN if that cannot be told.
        seconds_going: Since the process began; NaN if not known.
        heard_at: When it last gave a sign of life, UTC; None if it never did.
        problem: The error that ended it; None if none was met.
        curves: The members' epochs so far.
        settings: How it is trained; None if that is not written down yet.
        synthetic: The datasets whose images a computer drew, as far as that is known.
    """

    going: Going
    stages: tuple[StageName, ...]
    stage: StageName | None
    dataset: str | None
    done: int
    total: int
    seconds_left: float
    seconds_going: float
    heard_at: datetime | None
    problem: str | None
    curves: tuple[TrainingCurve, ...]
    settings: Settings | None
    synthetic: frozenset[str] = frozenset()

    @property
    def baseline_loss(self) -> float:
        """The loss of holding each class, or presence and absence, for as likely; NaN before it is known which."""
        if self.settings is None:
            return math.nan
        return losses.uniform(2 if self.settings.text("outputs") == "sigmoid" else len(self.settings.texts("findings")))


def live(name: str) -> Live:
    """How far the run of that name is, looked up anew each time.

    Args:
        name: The name of its folder below the results folder.
    """
    folder = results_folder() / name
    report = reports.read(folder)
    now = datetime.now(UTC)
    stage = report.stage if report else None
    going = _going(name, report)
    return Live(
        going=going,
        stages=report.stages if report else (),
        stage=stage.name if stage else None,
        dataset=stage.dataset if stage else None,
        done=stage.done if stage else 0,
        total=stage.total if stage else 0,
        seconds_left=stage.seconds_left(now) if stage and going == "going_on" else math.nan,
        seconds_going=(now - report.started_at).total_seconds() if report else math.nan,
        heard_at=report.updated_at if report else None,
        problem=report.problem if report else None,
        curves=tuple(sorted(map(_curve, report.members if report else ()), key=_order)),
        settings=_settings(name),
        synthetic=frozenset(report.synthetic if report else ()),
    )


def _going(name: str, report: Report | None) -> Going:
    folder = results_folder() / name
    if (folder / RESULTS_FILE).is_file():
        return "complete"
    if not reports.is_worked_on(folder):
        return "stopped"
    return "starting" if report is None else "going_on"


def _settings(name: str) -> Settings | None:
    try:
        written = json.loads((results_folder() / name / "run.json").read_text(encoding="utf-8"))
        return settings(json.dumps(written["config"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _order(curve: TrainingCurve) -> tuple[bool, str, int, int]:
    return curve.regime == "full", curve.regime, -1 if curve.fold is None else curve.fold, curve.member


def _curve(member: MemberSoFar) -> TrainingCurve:
    return TrainingCurve(
        model=member.model_id,
        regime=member.regime,
        fold=member.fold,
        member=member.number,
        planned=member.planned,
        epochs=tuple(epoch.epoch for epoch in member.epochs),
        train_loss=tuple(epoch.train_loss for epoch in member.epochs),
        held_out_loss=tuple(
            math.nan if epoch.held_out_loss is None else epoch.held_out_loss for epoch in member.epochs
        ),
        seconds=tuple(epoch.seconds for epoch in member.epochs),
    )
