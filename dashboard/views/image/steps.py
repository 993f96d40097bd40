"""Previous and next: from one image of a list to another, in the address."""

import time
from dataclasses import dataclass

import streamlit as st

from dashboard import state, walks
from dashboard.results.comparison import Comparison
from dashboard.results.images import Key
from dashboard.views.image.shown import named_key, shown_key

_TRAIL = "image_trail"
_FRESH_SECONDS = 1.0
_OWN_KEYS = {"part", "show"}


@dataclass(frozen=True, kw_only=True)
class _Trail:
    """Where quick presses have led: the browser may still name an image that was left a moment ago."""

    keys: tuple[Key, ...]
    seconds: float


def step(comparison: Comparison, direction: int) -> None:
    """Goes on from the image in the address, not from the one that was drawn: two fast presses are two steps."""
    asked = shown_key(comparison)
    trail = _trail(asked)
    here = trail[-1] if trail else asked
    walk = None if here is None else walks.walk(comparison, here)
    target = walk and (walk.next if direction > 0 else walk.previous)
    if walk is None or here is None or not target:
        return
    st.session_state[_TRAIL] = _Trail(keys=(*(trail or (here,)), target), seconds=time.monotonic())
    state.go({**_origin(comparison, walk), "of": target[0], "img": target[1]})


def leave(comparison: Comparison) -> None:
    """Goes back to the page that shows the list."""
    here = shown_key(comparison)
    walk = None if here is None else walks.walk(comparison, here)
    if walk is not None:
        state.open_page(walk.page, comparison.address(), walk.keys)


def _trail(here: Key | None) -> tuple[Key, ...]:
    known = st.session_state.get(_TRAIL)
    if not isinstance(known, _Trail) or time.monotonic() - known.seconds > _FRESH_SECONDS:
        return ()
    return known.keys if here in known.keys else ()


def _origin(comparison: Comparison, walk: walks.Walk) -> dict[str, str | None]:
    """What an address that names no image must be told, so that it goes on in the list that was shown."""
    if named_key(comparison) is not None:
        return {}
    return {"from": walk.page, **{key: value for key, value in walk.keys.items() if key not in _OWN_KEYS}}
