"""Reach of this server: this machine alone, unless someone who means it says otherwise.

The settings beside this file see to that wherever the dashboard is started. A flag or a variable of the environment is
stronger than any file, and the server listens before a page is drawn: what such a server gets to see is one sentence.
"""

import functools
import os
from collections.abc import Sequence
from ipaddress import ip_address

import streamlit as st

from cxr_core import program

VARIABLE = "SECOND_SITE_LISTEN"

_EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what Streamlit takes where no address is set
_SAFE = {
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "global.developmentMode": False,
}
_LISTS = ("server.allowedHosts", "server.corsAllowedOrigins")


def refusal() -> str | None:
    """Why this server shows nothing, in one sentence; None where it may show everything."""
    address = _bound_address()
    if not _is_this_machine(address) and os.environ.get(VARIABLE) != address:
        return (
            f"Nothing is shown, because this server listens on {address} and not on this machine alone: start it again "
            f"with {program.local_address()}, or set {VARIABLE}={address} if others are to see the results."
        )
    if (open_door := _open_door()) is not None:
        return (
            f"Nothing is shown, because with the setting {open_door} other web pages in a reader's browser could read "
            "the results: start the dashboard again without it."
        )
    return None


@functools.cache
def _bound_address() -> str:
    """The address as the first page finds it: settings may change while the server runs, its socket does not."""
    return str(st.get_option("server.address") or _EVERYWHERE)


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _open_door() -> str | None:
    """The first setting that lets strangers in, as one writes it; None if there is none."""
    for option, safe in _SAFE.items():
        if bool(st.get_option(option)) is not safe:
            return f"{option}={str(not safe).lower()}"
    for option in _LISTS:
        if "*" in (named := _named(option)):
            return f"{option}=*"
        if option == "server.allowedHosts" and not named:
            return f"{option} empty"
    return None


def _named(option: str) -> Sequence[str]:
    return [str(name).strip() for name in st.get_option(option)]
