"""The address bar: the only truth about what is shown, and what it asks for in vain."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

import streamlit as st

from dashboard.address_values import joined, parted

Read = TypeVar("Read")

_MISSED = "asked_in_vain"
_LONGEST = 60
_DRAW_DIGITS = 9

_REMEMBERED = "second_site_run"
"""The cookie that `components/page_links` sets. An address always wins over it."""


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Something that the address asks for and that is not here. Where there is any, no image is shown.

    Attributes:
        said: What it is, plain text that follows "asks for".
        instead: What its key may hold and is here; None for nothing.
    """

    said: str
    instead: str | None = None


def begin() -> None:
    """Forgets what the address asked for in vain when the script ran last."""
    st.session_state[_MISSED] = {}
    for key in st.query_params:
        if len(st.query_params.get_all(key)) > 1:
            miss(key, f"{key} more than once", instead=asked(key))


def miss(key: str, said: str, *, instead: str | None = None) -> None:
    """Notes that what the address has under a key is not here."""
    st.session_state.setdefault(_MISSED, {})[key] = Missed(said=said, instead=instead)


def missed() -> Mapping[str, Missed]:
    """What the address asks for in vain, by its keys, as far as it was looked at."""
    found: Mapping[str, Missed] = st.session_state.get(_MISSED, {})
    return found


def asked(key: str) -> str | None:
    """What the address asks for, unchecked; None if it leaves it open."""
    return st.query_params.get(key)


def remembered_run() -> str | None:
    """The run that this browser opened last, unchecked; None if it opened none."""
    kept = st.context.cookies.get(_REMEMBERED)
    return None if kept is None else unquote(kept)


def asked_after(prefix: str) -> tuple[str, ...]:
    """How the keys of the address that begin so go on, in the order of their letters."""
    return tuple(sorted(key.removeprefix(prefix) for key in st.query_params if key.startswith(prefix)))


def choose(key: str, what: str, options: Collection[str], *, default: str) -> str:
    """The option that the address asks for; the default where it leaves it open, or asks in vain, which is noted.

    Args:
        key: In the address.
        what: What is chosen, as ``the metric``.
        options: What is here.
        default: What stands for it else; it need not be an option.
    """
    text = asked(key)
    if text is None or text in options:
        return default if text is None else text
    miss(key, f"{what} {quoted(text)}")
    return default


def choose_several(key: str, what: str, options: Collection[str]) -> tuple[str, ...]:
    """The options that the address asks for; one that is not here is noted, and left out.

    Args:
        key: In the address.
        what: What is chosen, as ``the view``.
        options: What is here.
    """
    text = asked(key)
    parts = () if text is None else parted(text, options=options)
    here = tuple(part for part in parts if part in options)
    if text is not None and (here != parts or not parts):
        gone = [quoted(part) for part in parts if part not in options] or [quoted(text)]
        miss(key, f"{what} {' and '.join(gone)}", instead=joined(here) or None)
    return here


def read(key: str, what: str, parse: Callable[[str], Read | None], *, default: Read) -> Read:
    """What the address asks for, made out of its text; the default where it leaves it open, or it cannot be made out.

    Args:
        key: In the address.
        what: What is asked for, as ``the page of the list``.
        parse: Gives None for what means nothing here.
        default: What stands for it else.
    """
    text = asked(key)
    found = None if text is None else parse(text)
    if text is not None and found is None:
        miss(key, f"{what} {quoted(text)}")
    return default if found is None else found


def seed() -> int:
    """The seed that images are drawn by, from ``draw`` in the address; 0 where it asks for none."""
    return read("draw", "the draw", lambda text: whole_number(text, digits=_DRAW_DIGITS), default=0)


def whole_number(text: str, *, digits: int) -> int | None:
    """A number that is written in so many digits at most; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def quoted(text: str) -> str:
    """What the address says, in quotes, not longer than one reads."""
    return f"“{text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'}”"


def go(changes: Mapping[str, str | None]) -> None:
    """Changes the address in one step, so that Back undoes it in one.

    Args:
        changes: New values; None takes a key out of the address. All other keys stay.
    """
    _write({**st.query_params.to_dict(), **changes})


def open_page(page: str, comparison: Mapping[str, str], keys: Mapping[str, str | None] | None = None) -> None:
    """Goes to another page in one step: what was chosen on the page that is left goes out of the address.

    Args:
        page: Its id in the address.
        comparison: `Comparison.address()`.
        keys: What is chosen on the page that is opened.
    """
    _write({"page": page, **comparison, **(keys or {})})


def _write(after: Mapping[str, str | None]) -> None:
    st.query_params.from_dict({key: value for key, value in after.items() if value is not None})
