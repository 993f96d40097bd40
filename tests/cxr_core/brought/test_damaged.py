"""Files that are no predictions, and what is said of each: where, which column, what to do; never a cell or an id."""

import gzip
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cxr_core.brought import NamedFile, assign, check_softmax, read
from cxr_core.errors import CxrError
from cxr_core.manifest import Manifest
from tests.support.labelled import manifest

PLANTED = "SECRET-7"


@dataclass(frozen=True, kw_only=True)
class Damaged:
    """A file, and what its error must hold.

    Attributes:
        name: What it is.
        text: The file, or several.
        line: Where the error is; None for a file that has no lines.
        column: Which column it names, if it is of one.
        remedy: A part of what it says is to be done.
        given: Arguments of `read`.
        model: The name that the command line gives.
        labels: Datasets to meet, from a name to files, or to studies where they begin with ``study:``.
        is_softmax: Whether rows must sum to one.
    """

    name: str
    text: str | bytes | tuple[str, ...]
    line: int | None
    remedy: str
    column: str | None = None
    given: Mapping[str, object] = field(default_factory=dict)
    model: str | None = None
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_softmax: bool = False


HEAD = "id,Edema\n"
GOOD = f"{HEAD}{PLANTED},0.5\n"
LONG = "id,finding,score\n"
MANY = [f"q{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(31)]

DAMAGED = (
    Damaged(name="a score above 1", text=f"{GOOD}b,1.5\n", line=3, column="edema", remedy="--logits"),
    Damaged(name="a score below 0", text=f"{GOOD}b,-0.1\n", line=3, column="edema", remedy="--logits"),
    Damaged(name="percentages", text=f"{HEAD}{PLANTED},87.5\n", line=2, column="edema", remedy="divided by 100"),
    Damaged(name="a percent sign", text=f"{GOOD}b,87%\n", line=3, column="edema", remedy="found a percentage"),
    Damaged(name="yes and no for scores", text=f"{HEAD}{PLANTED},True\n", line=2, column="edema", remedy="'flag'"),
    Damaged(name="text for a score", text=f"{GOOD}b,{PLANTED}\n", line=3, column="edema", remedy="leave a cell blank"),
    Damaged(name="an infinite score", text=f"{GOOD}b,inf\n", line=3, column="edema", remedy="numbers from 0 to 1"),
    Damaged(name="yes in a wide table", text=f"{GOOD}b,yes\n", line=3, column="edema", remedy="numbers from 0 to 1"),
    Damaged(name="a comma in a number", text=f"{GOOD}{PLANTED}x,0,5\n", line=3, remedy="quotation marks"),
    Damaged(
        name="a decimal comma between commas", text=f'{GOOD}b,"0,5"\n', line=3, column="edema", remedy="from 0 to 1"
    ),
    Damaged(
        name="text among logits",
        text=f"{GOOD}b,{PLANTED}\n",
        line=3,
        column="edema",
        remedy="leave a cell blank",
        given={"logits": True},
    ),
    Damaged(name="an id twice", text=f"{GOOD}b,0.1\n\n{PLANTED},0.5\n", line=5, column="id", remedy="line 2 again"),
    Damaged(
        name="an id and finding twice",
        text=f"{LONG}{PLANTED},Edema,0.1\n{PLANTED},Mass,0.1\n{PLANTED},oedema,\n",
        line=4,
        column="id",
        remedy="'model'",
    ),
    Damaged(name="an id in two files", text=(GOOD, GOOD), line=2, column="id", remedy="--predictions NAME=FILE"),
    Damaged(name="a blank id", text=f"{GOOD} ,0.5\n", line=3, column="id", remedy="Export ids as text"),
    Damaged(name="an id that was a number", text=f"{GOOD}1234567.0,0.5\n", line=3, column="id", remedy="as text"),
    Damaged(name="an id cut off", text=f"{GOOD}1.23457E+11,0.5\n", line=3, column="id", remedy="as text"),
    Damaged(name="no id", text=f"patient,Edema\n{PLANTED},0.5\n", line=1, remedy="Name the column"),
    Damaged(name="no header", text=f"{PLANTED},0.5\n{PLANTED}b,0.25\n", line=1, remedy="Name the column"),
    Damaged(name="no finding", text=f"id,comment\n1,{PLANTED}\n", line=1, remedy="--findings NAME"),
    Damaged(
        name="none of the findings asked for",
        text=GOOD,
        line=1,
        remedy="--findings NAME",
        given={"findings": ("Mass",)},
    ),
    Damaged(name="findings nobody knows", text=f"{LONG}a,{PLANTED},0.5\n", line=1, remedy="--findings NAME"),
    Damaged(name="neither score nor flag", text=f"id,finding\n{PLANTED},Edema\n", line=1, remedy="'score'"),
    Damaged(name="a score of what", text=f"id,score\n{PLANTED},0.5\n", line=1, remedy="--findings NAME"),
    Damaged(
        name="a flag that is a word",
        text=f"id,finding,flag\na,Edema,yes\nb,Edema,{PLANTED}\n",
        line=3,
        column="flag",
        remedy="Write one of these",
    ),
    Damaged(
        name="a third result",
        text=f"Accession Number,AI Result,Result Indicator\n{PLANTED},Edema,Positive\nb,Edema,{PLANTED}\n",
        line=3,
        column="result indicator",
        remedy="Write one of these",
    ),
    Damaged(
        name="a threshold above 1",
        text=f"id,finding,score,threshold\n{PLANTED},Edema,0.5,50\n",
        line=2,
        column="threshold",
        remedy="--logits",
    ),
    Damaged(
        name="two thresholds",
        text=f"id,finding,score,threshold\n{PLANTED},Edema,0.5,0.5\nb,Mass,0.5,0.4\nc,Edema,0.1,0.6\n",
        line=4,
        column="threshold",
        remedy="one threshold in all rows",
    ),
    Damaged(
        name="two columns of one finding",
        text=f"id,Effusion,Pleural_Effusion\n{PLANTED},0.5,0.5\n",
        line=1,
        remedy="Remove or rename one",
    ),
    Damaged(
        name="findings in rows and in columns",
        text=f"id,finding,score,oedema\n{PLANTED},Edema,0.5,0.25\n",
        line=1,
        remedy="Remove one of the two",
    ),
    Damaged(
        name="more findings than a run has",
        text=f"id,{','.join(MANY)}\n{PLANTED}{',0.5' * 31}\n",
        line=1,
        remedy="Choose some with --findings",
    ),
    Damaged(
        name="two models in a file of one",
        text=f"id,model,Edema\n{PLANTED},m,0.5\nb,n,0.5\n",
        line=1,
        column="model",
        remedy="without NAME=",
        model="M",
    ),
    Damaged(
        name="a model in some rows alone",
        text=f"id,model,Edema\n{PLANTED},m,0.5\nb,,0.5\n",
        line=3,
        column="model",
        remedy="NAME=FILE",
    ),
    Damaged(
        name="a model for each row",
        text="id,model,Edema\n" + "".join(f"{number},{PLANTED}{number},0.5\n" for number in range(31)),
        line=1,
        remedy="names the network",
    ),
    Damaged(name="blank scores alone", text=f"{HEAD}{PLANTED},\nb,NaN\n", line=1, remedy="Get the table again"),
    Damaged(name="a column twice", text=f"id,Edema,EDEMA\n{PLANTED},0.5,0.5\n", line=1, remedy="Rename or remove"),
    Damaged(name="a header alone", text=HEAD, line=1, remedy="complete?"),
    Damaged(name="nothing", text="", line=1, remedy="Get the table again"),
    Damaged(name="an open quotation mark", text=f'{HEAD}"{PLANTED},0.5\n', line=2, remedy="quotation mark left open"),
    Damaged(name="a row cut off", text=f"id,Edema,Mass\nb,0.5,0.5\n{PLANTED},0.5\n", line=3, remedy="quotation marks"),
    Damaged(name="a zero byte", text=f"{GOOD}b\0,0.5\n", line=3, remedy="Save the table"),
    Damaged(name="a workbook", text=b"PK\x03\x04" + PLANTED.encode() * 9, line=1, remedy="Save the table"),
    Damaged(name="half a gzip file", text=gzip.compress(GOOD.encode() * 99, mtime=0)[:40], line=None, remedy="again"),
    Damaged(name="half a Parquet file", text=b"PAR1" + PLANTED.encode() * 9, line=None, remedy="again"),
    Damaged(
        name="no softmax",
        text=f"id,Edema,Mass\nb,0.5,0.5\n{PLANTED},0.5,0.6\n",
        line=3,
        remedy="leave out --outputs softmax",
        is_softmax=True,
    ),
    Damaged(
        name="a softmax with a gap",
        text=f"id,Edema,Mass\n{PLANTED},1,\n",
        line=2,
        remedy="the score of every class",
        is_softmax=True,
    ),
    Damaged(
        name="ids that no labels know",
        text=f"{GOOD}{PLANTED}b,0.5\n",
        line=2,
        remedy="Spell the ids",
        labels={"home": ("a.png",)},
    ),
    Damaged(
        name="ids in another case",
        text=f"{HEAD}X/{PLANTED.lower()}.png,0.5\n",
        line=2,
        remedy="1 would meet if case and leading zeros did not count",
        labels={"home": (f"x/{PLANTED}.png",)},
    ),
    Damaged(
        name="ids without their leading zeros",
        text=f"{HEAD}17,0.5\n",
        line=2,
        remedy="1 would meet if case and leading zeros did not count",
        labels={"home": ("study:00017",)},
    ),
    Damaged(
        name="ids of two sites",
        text=GOOD,
        line=2,
        remedy="--dataset-of FILE=NAME",
        labels={"home": (f"{PLANTED}.png",), "away": (f"{PLANTED}.png",)},
    ),
    Damaged(
        name="two ids of one image",
        text=f"{HEAD}x/{PLANTED}.png,0.5\ny/{PLANTED}.jpg,0.5\nz/a.png,0.5\n",
        line=3,
        remedy="Remove one of the two",
        labels={"home": (f"{PLANTED}.dcm", "a.dcm")},
    ),
    Damaged(
        name="another dataset",
        text=f"id,dataset,Edema\n{PLANTED},{PLANTED},0.5\n",
        line=2,
        column="dataset",
        remedy="correct the column",
        labels={"home": (PLANTED,)},
    ),
    Damaged(
        name="images where studies are labelled",
        text=f"image,study,Edema\n{PLANTED}a,{PLANTED},0.5\n{PLANTED}b,{PLANTED},0.5\n",
        line=2,
        remedy="--per-study mean",
        labels={"home": (f"study:{PLANTED}",)},
    ),
)


def _manifests(labels: Mapping[str, tuple[str, ...]]) -> list[Manifest]:
    made = []
    for dataset, names in labels.items():
        studies = [name.removeprefix("study:") for name in names] if names[0].startswith("study:") else None
        made.append(manifest([None] * len(names) if studies else names, dataset=dataset, studies=studies, private=True))
    return made


def _judge(files: list[NamedFile], damaged: Damaged) -> None:
    brought = read(files, **{"findings": None, "logits": False, **damaged.given})
    if damaged.is_softmax:
        check_softmax(brought)
    assign(brought, _manifests(damaged.labels))


@pytest.mark.parametrize("damaged", DAMAGED, ids=[each.name.replace(" ", "_") for each in DAMAGED])
def test_what_is_wrong_is_said_with_its_place_and_a_remedy_and_no_cell(damaged: Damaged, tmp_path: Path) -> None:
    texts = damaged.text if isinstance(damaged.text, tuple) else (damaged.text,)
    files = []
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(NamedFile(damaged.model, path))
    with warnings.catch_warnings(record=True, action="always") as warned, pytest.raises(CxrError) as caught:
        _judge(files, damaged)
    said = str(caught.value)
    assert said.startswith(str(files[-1].path) if damaged.line is None else f"{files[-1].path}:{damaged.line}")
    assert damaged.column is None or f"column {damaged.column!r}" in said
    assert damaged.remedy in said
    assert PLANTED.lower() not in " ".join([said, *(str(each.message) for each in warned)]).lower()


ODD = {
    "a byte order mark and spaces": "\ufeff id , Edema \n SECRET-7 , 0.5 \n",
    "semicolons and decimal commas": "id;Edema\nSECRET-7;0,5\n",
    "blank lines and an index": ",id,Edema\n0,SECRET-7,0.5\n\n,,\n",
    "people and dates beside": "Patient Name,Date,id,Edema\nSECRET-7,SECRET-7,SECRET-7,0.5\n",
    "columns of text": "id,Edema,Remarks,Grade\nSECRET-7,0.5,SECRET-7,SECRET-7\n",
    "line breaks in a cell": 'id,Edema,Remarks\nSECRET-7,0.5,"SECRET-7\nSECRET-7"\n',
    "findings nobody knows beside one": "id,finding,score\nSECRET-7,Edema,0.5\nSECRET-7,SECRET-7,0.5\n",
    "a word for nothing": "id,Edema,Mass\nSECRET-7,0.5,NaN\nSECRET-7b,NA,\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=[name.replace(" ", "_") for name in ODD])
def test_an_odd_file_is_read_and_no_note_repeats_a_cell(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text, encoding="utf-8")
    brought = read([NamedFile(None, path)], findings=None, logits=False)
    assert brought.findings[0] == "Edema"
    assert brought.models[0].probability[0, 0] == 0.5
    assert brought.models[0].ids[0] == PLANTED
    assert PLANTED.lower() not in " ".join([*brought.notes, *map(repr, brought.matches)]).lower()
