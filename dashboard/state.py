"""The address bar: the only truth about what is shown."""

from collections.abc import Mapping
from urllib.parse import unquote

import streamlit as st

_REMEMBERED = "second_site_run"
"""The cookie that `components/page_links` sets. An address always wins over it."""


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


def seed() -> int:
    """The seed that images are drawn by, from ``draw`` in the address; 0 where it asks for none."""
    asked_for = asked("draw") or ""
    return int(asked_for) if asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 10 else 0


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
