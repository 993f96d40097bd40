"""What is on a page that was run without a browser."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from cxr_core.datasets.chexpert.policies import policies
from cxr_core.findings import FINDINGS
from dashboard import widgets
from dashboard.results.downloads import Download
from dashboard.text.table_files import files

Json = dict[str, object]

Opened = Callable[..., AppTest]
"""Runs the dashboard at an address, given as its parameters."""

# Names of columns, roles, policies and metrics; numbers that are none.
CODES = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\bnan\b|\bNone\b(?! of)|\bnull\b|N/A|\bNaT\b|<NA>|\bTrue\b|\bFalse\b")
QUOTED = re.compile(r"“[^”]*”")
"""What a page repeats as it was asked or as a file has it."""

_COLOURED = re.compile(r":(?:gray|blue|orange|small|[a-z]+-badge)\[((?:[^\[\]]|\[[^\[\]:]*\])*)\]")
MARKUP = re.compile(r":material/\w+:|\]\([^)]*\)|:[a-z]+(?:-[a-z]+)?\[|`")


def said(app: AppTest) -> str:
    """Everything that is written on a page, without its markup."""
    elements = (*app.title, *app.markdown, *app.caption, *app.warning, *app.info, *app.error)
    tables = [app.table[i].value.to_string() for i in range(len(app.table))]
    boxes = [str(option) for box in (*app.selectbox, *app.multiselect) for option in box.options]
    text = "\n".join([*(str(element.value) for element in elements), *tables, *boxes])
    plain = text.replace("\\", "")
    for policy in policies(FINDINGS):  # a run's own sentences: they name other policies as the command line does
        plain = plain.replace(policy.description, "")
    return MARKUP.sub(" ", plain)


def assert_is_whole(app: AppTest) -> None:
    """A page that raised nothing, has one title, and speaks in words."""
    assert [str(raised.value) for raised in app.exception] == []
    assert len(app.title) == 1
    unquoted = QUOTED.sub("", said(app))
    assert [line for line in unquoted.splitlines() if CODES.search(line)] == []


def plain(app: AppTest) -> str:
    """What is said, with its breaks and spaces made plain."""
    return said(app).replace("\u00a0", " ").replace("\u2060", "").replace("**", "")


def as_read(markdown: str) -> str:
    """Markdown as it is read: no escapes, no colours, no bold, plain spaces."""
    text = markdown.replace("\\", "").replace("**", "").replace("\u00a0", " ")
    while (inner := _COLOURED.sub(r"\1", text)) != text:
        text = inner
    return text


def written(app: AppTest) -> str:
    """The texts of a page, as they are read, a line each."""
    elements = (*app.title, *app.markdown, *app.caption, *app.warning, *app.info, *app.error, *app.code)
    return "\n".join(as_read(str(element.value)) for element in elements)


def answer(app: AppTest) -> str:
    """What the page answers to its question, as it is read."""
    (block,) = (each for each in _blocks(app.main) if str(getattr(each.proto, "id", "")).endswith("-answer"))
    return as_read("\n".join(str(each.value) for each in block.markdown))


def numbers(text: str) -> list[str]:
    """The numbers in a text, as they are written there."""
    return re.findall(r"\u2212?\d+(?:,\d{3})*(?:\.\d+)?", text)


def _blocks(block: Block) -> Iterator[Block]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield child
            yield from _blocks(child)


def notes(figure: go.Figure) -> list[str]:
    """What is written into a picture."""
    return [note.text for note in figure.layout.annotations]


def sent(app: AppTest, component: str) -> Json:
    """What a component of the browser is given."""
    (found,) = [each.proto for each in app.get("bidi_component") if each.proto.component_name == component]
    data: Json = json.loads(found.json)
    return data


def images(app: AppTest) -> list[str]:
    """What pictures of patients are described as, on tiles and on the page of one."""
    found: list[str] = []
    for each in app.get("bidi_component"):
        if each.proto.component_name == "gallery":
            found += [item["alt"] for item in json.loads(each.proto.json)["items"] if item["id"] is not None]
        elif each.proto.component_name in ("viewer", "original"):
            found.append(json.loads(each.proto.json)["alt"])
    return found


def figures(app: AppTest) -> list[Json]:
    """The pictures, as Plotly is given them."""
    return [json.loads(each.proto.spec) for each in app.get("plotly_chart")]


class Downloads:
    """The tables that pages offered since the test began, by their names and what they are of."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tables: dict[str, Download] = {}
        monkeypatch.setattr(widgets, "download", lambda *tables, **_: self._offer(tables))

    def _offer(self, tables: Sequence[Download]) -> None:
        self.tables |= {"_".join(filter(None, (table.name, table.of))): table for table in tables}

    def text(self, name: str, label: str) -> str:
        """One of the files of a table, by what its button says."""
        (made,) = (file.data() for file in files(self.tables[name]) if file.label == label)
        return made

    def rows(self, name: str, label: str = "CSV") -> list[dict[str, str]]:
        """The rows of one."""
        return list(csv.DictReader(io.StringIO(self.text(name, label))))
