"""Makes a component of the browser out of the files in its folder."""

import functools
from collections.abc import Sequence
from importlib import resources

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


@functools.cache
def load(package: str, *, html: str, shared: Sequence[str] = ()) -> ComponentRenderer:
    """The component whose ``component.js`` and ``component.css`` lie in a package.

    Args:
        package: The full name of the package; its last part is the component's name.
        html: What the component is before its script has run.
        shared: Scripts of ``components/shared`` that stand in front of its own, without their ending. A tuple.
    """
    folder = resources.files(package)
    together = resources.files("dashboard.components").joinpath("shared")
    scripts = [together.joinpath(f"{name}.js") for name in shared] + [folder.joinpath("component.js")]
    return st.components.v2.component(
        package.rpartition(".")[2],
        html=html,
        css=folder.joinpath("component.css").read_text(encoding="utf-8"),
        js="\n".join(script.read_text(encoding="utf-8") for script in scripts),
    )
