"""Previous and next: from one image of a list to another, in the address."""

import time
from dataclasses import dataclass

import streamlit as st

from dashboard import image_list, state
from dashboard.image.subject import named_key, shown_key
from dashboard.results.comparison import Comparison
from dashboard.results.images import Key

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
    in_list = None if here is None else image_list.list_position(comparison, here)
    target = in_list and (in_list.next if direction > 0 else in_list.previous)
    if in_list is None or here is None or not target:
        return
    st.session_state[_TRAIL] = _Trail(keys=(*(trail or (here,)), target), seconds=time.monotonic())
    state.go({**_origin(comparison, in_list), "of": target[0], "img": target[1]})


def leave(comparison: Comparison) -> None:
    """Goes back to the page that shows the list."""
    here = shown_key(comparison)
    in_list = None if here is None else image_list.list_position(comparison, here)
    if in_list is not None:
        state.open_page(in_list.page, comparison.address(), in_list.keys)


def _trail(here: Key | None) -> tuple[Key, ...]:
    known = st.session_state.get(_TRAIL)
    if not isinstance(known, _Trail) or time.monotonic() - known.seconds > _FRESH_SECONDS:
        return ()
    return known.keys if here in known.keys else ()


def _origin(comparison: Comparison, in_list: image_list.ListPosition) -> dict[str, str | None]:
    """What an address that names no image must be told, so that it goes on in the list that was shown."""
    if named_key(comparison) is not None:
        return {}
    return {"from": in_list.page, **{key: value for key, value in in_list.keys.items() if key not in _OWN_KEYS}}
