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
        shared: Scripts of ``components/shared``, and styles of the same name, that stand in front of its own; without
            their ending. A tuple.
    """
    folder = resources.files(package)
    together = resources.files("dashboard.components").joinpath("shared")

    def text(ending: str) -> str:
        files = [together.joinpath(f"{name}.{ending}") for name in shared]
        files = [file for file in files if file.is_file()] + [folder.joinpath(f"component.{ending}")]
        return "\n".join(file.read_text(encoding="utf-8") for file in files)

    return st.components.v2.component(package.rpartition(".")[2], html=html, css=text("css"), js=text("js"))
