"""Notices that the browser toggled between light and dark, and runs the script once more."""

from dashboard.components.load import load

_KEY = "theme_watch"


def theme_watch(*, ground: str) -> None:
    """Draws nothing; compares the page's ground with the one that this run has coloured its charts for.

    Args:
        ground: The background that Python believes in, as ``#RRGGBB``.
    """
    load(__name__, html="<i></i>")(key=_KEY, data={"ground": ground}, height=1, on_changed_change=_nothing)


def _nothing() -> None:
    """A trigger reruns the script only if it has a callback; there is nothing more to do."""
