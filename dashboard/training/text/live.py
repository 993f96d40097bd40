"""The progress of an unfinished run, in words."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashboard import words
from dashboard.training.data.live import Live
from dashboard.training.text.names import DAY_S, HOUR_S, MINUTE_S
from dashboard.words import plain

TITLES = {
    "starting": "This run is going on",
    "going_on": "This run is going on",
    "stopped": "This run was stopped",
    "complete": "This run is complete",
}

STAGES = {
    "decode": "Bring the images to one form",
    "train": "Train",
    "predict": "Predict",
    "write": "Write the answers",
    "evaluate": "Measure",
}

_DOING = {
    "decode": "It brings the images of {dataset} to one form",
    "train": "It trains",
    "predict": "It predicts the images of {dataset}",
    "write": "It writes down its answers",
    "evaluate": "It measures, with intervals",
}

_WHILE = {
    "decode": "bringing the images to one form",
    "train": "training",
    "predict": "predicting",
    "write": "writing down its answers",
    "evaluate": "measuring",
}

_UNITS = {"decode": "images", "train": "epochs of all members", "predict": "answers", "write": "datasets"}


def said(live: Live, *, name: str, timezone: str | None) -> str:
    """Where the run is, how long the stage will take, or when and why it stopped.

    Args:
        live: The run.
        name: Its name.
        timezone: The reader's, as in ``Europe/Berlin``; None for UTC.
    """
    run = f"The run **{plain(name)}**"
    if live.going == "complete":
        return f"{run} is complete. Its results are being opened."
    if live.going == "starting":
        return f"{run} has just begun, and will soon say how far it is."
    if live.going == "stopped":
        return _stopped(live, run=run, timezone=timezone)
    if live.stage is None:
        return f"{run} gets ready: it reads its settings and starting weights."
    return f"{doing(live)}{time_left(live.seconds_left)}. {run} has been going on for {_about(live.seconds_going)}."


def doing(live: Live) -> str:
    """``It trains, 34 of 120 epochs of all members``."""
    if live.stage is None:
        return "It gets ready"
    dataset = (
        plain(words.dataset(live.dataset, synthetic=live.dataset in live.synthetic)) if live.dataset else "all datasets"
    )
    what = _DOING.get(live.stage, plain(live.stage)).format(dataset=dataset)
    unit = _UNITS.get(live.stage, "")
    return f"{what}, **{live.done:,} of {live.total:,}** {unit}".strip() if live.total else what


def time_left(seconds: float) -> str:
    """``; about 4 minutes left for this stage``; empty where that cannot be told yet."""
    if math.isnan(seconds):
        return ""
    return "; this stage is nearly done" if seconds < 1 else f"; about {_about(seconds)} left for this stage"


def stage(name: str, *, live: Live) -> str:
    """One of the stages, marked: done, the one it is at, or still to come; Markdown."""
    at = live.stages.index(live.stage) if live.stage in live.stages else -1
    place = live.stages.index(name) if name in live.stages else len(live.stages)
    text = STAGES.get(name, plain(name))
    if place < at:
        return f":gray[✓ {text}]"
    return f"**▸ {text}**" if place == at else f":gray[· {text}]"


def _stopped(live: Live, *, run: str, timezone: str | None) -> str:
    again = "Start the same command again: it goes on where it was."
    if live.heard_at is None:
        return f"{run} has no results, and nothing works on it. {again}"
    when = f"{run} stopped {_at(live.heard_at, timezone)}"
    where = "" if live.stage is None else f", while {_WHILE.get(live.stage, plain(live.stage))}"
    how_far = f" ({live.done:,} of {live.total:,})" if live.stage and live.total else ""
    why = f" The reason: {plain(live.problem)}" if live.problem else ""
    return f"{when}{where}{how_far}.{why} {again}"


def _at(moment: datetime, timezone: str | None) -> str:
    try:
        local = moment.astimezone(ZoneInfo(timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        local = moment.astimezone(ZoneInfo("UTC"))
    return f"on {local:%-d %b %Y at %H:%M} ({local.tzname()})"


def _about(seconds: float) -> str:
    """A duration to one figure or two, as one would say it."""
    if math.isnan(seconds):
        return "an unknown time"
    for size_s, unit in ((DAY_S, "day"), (HOUR_S, "hour"), (MINUTE_S, "minute")):
        count = round(seconds / size_s)
        if seconds >= 1.5 * size_s or count > 1:
            return f"{count} {unit}s"
    return "1 minute" if seconds >= 45 else f"{max(5, 5 * round(seconds / 5))} seconds"
