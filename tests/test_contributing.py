"""The recipes of CONTRIBUTING.md, carried out edit by edit on a copy of the code: what they promise is seen there."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cxr_core.errors import RefusedError
from cxr_core.store.open import open_run

ROOT = Path(__file__).parents[1]
COPIED = (
    ".streamlit", "benchmarks", "cxr_core", "dashboard", "docs", "tests/support", "tests/cxr_core/store", "train.py",
    "pyproject.toml",
)  # fmt: skip

# A line that begins with a file's name and ends with a colon, then a block.
_EDIT = re.compile(r"^`(?P<path>[^`\n]+)`[^\n]*:\n\n```(?P<kind>\w+)\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)
_RECIPE = re.compile(r"^### (?P<name>.*)\n(?P<text>(?:(?!^##).*\n?)*)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One block of a recipe: a new file, or lines that are replaced."""

    path: str
    kind: str
    block: str

    @property
    def is_new(self):
        return self.kind != "diff"

    def carry_out(self, root):
        path = root / self.path
        if self.is_new:
            assert not path.exists(), self.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.block, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        for part in re.split(r"^@@\n", self.block, flags=re.MULTILINE):
            before, after = _side(part, "-"), _side(part, "+")
            assert text.count(before) == 1, f"{self.path} has not once:\n{before}"
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")


def _side(part, mark):
    lines = part.splitlines(keepends=True)
    assert all(line[0] in " +-\n" for line in lines), part
    return "".join(line if line == "\n" else line[1:] for line in lines if line[0] in f" {mark}\n")


def recipes():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return {
        found["name"]: [Edit(**edit.groupdict()) for edit in _EDIT.finditer(found["text"])]
        for found in _RECIPE.finditer(text)
    }


RECIPES = recipes()


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A copy of the code with all recipes carried out, one after the other."""
    root = tmp_path_factory.mktemp("grown")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
        else:
            shutil.copy(ROOT / name, root / name)
    for edits in RECIPES.values():
        for edit in edits:
            edit.carry_out(root)
    return root


def _in(root, *command):
    done = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def _run(root, script, *arguments):
    """What a script says in its last line, as JSON."""
    return json.loads(_in(root, sys.executable, "-P", "-c", script, *map(str, arguments)).splitlines()[-1])


def test_no_block_of_a_recipe_is_passed_over():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Five recipes")[1]
    assert len(RECIPES) == 5
    assert sum(map(len, RECIPES.values())) == len(re.findall(r"^```\w+$", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("recipe", "new", "changed"),
    [
        ("A metric", 0, 2),
        ("A dataset's reader", 2, 4),
        ("A page", 4, 2),
        ("An architecture", 0, 2),
        ("A column of the results", 0, 5),
    ],
)
def test_a_recipe_touches_so_many_files(recipe, new, changed):
    edits = RECIPES[recipe]
    assert len({edit.path for edit in edits}) == len(edits)
    assert (sum(edit.is_new for edit in edits), sum(not edit.is_new for edit in edits)) == (new, changed)


def test_what_was_written_is_in_the_style_of_the_house(grown):
    touched = [edit.path for edits in RECIPES.values() for edit in edits if edit.path.endswith(".py")]
    _in(grown, sys.executable, "-m", "ruff", "check", "--no-cache", *touched)
    _in(grown, sys.executable, "-m", "ruff", "format", "--no-cache", "--check", *touched)


def test_the_import_contracts_are_kept(grown):
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    assert "0 broken" in _in(grown, sys.executable, "-P", "-c", code)


def test_the_pages_that_are_made_from_the_code_follow(grown):
    for module in ("docs.tree", "docs.metrics"):
        _in(grown, sys.executable, "-m", module)
    assert "| `false_omission_rate` | FN / (TN + FN) |" in (grown / "docs/glossary.md").read_text()
    assert "Reads a Lakeside folder" in (grown / "docs/modules.md").read_text()


METRIC = """
import json, sys
from functools import partial
from pathlib import Path
import duckdb, numpy as np, streamlit as st
from sklearn.metrics import precision_score
from streamlit.testing.v1 import AppTest
from cxr_core.experiment import Experiment
from tests.support.big_run.size import Size
from tests.support.big_run.writing import write_run
from tests.support.evaluated import append_numbers
from tests.support.pages import said

name = "false_omission_rate"
settings = Experiment(replicates=100)
evaluate = partial(append_numbers, settings=settings)
size = Size(name="small", internal=250, external=300, members=1, shown=10, features=4, epochs=1, is_described=False)
path = write_run(Path(sys.argv[1]), size=size, evaluate=evaluate)

with duckdb.connect(str(path), read_only=True) as connection:
    stored = dict(connection.execute(
        "SELECT finding, value FROM metric WHERE metric = ? AND model_id = 'split' AND role = 'external_test' "
        "AND policy = 'u_ignore' AND stratum = 'all' AND low <= value AND value <= high", [name]).fetchall())
    gaps = connection.execute("SELECT count(*) FROM gap WHERE metric IN (?, ?) AND low IS NOT NULL",
        [name, f"macro_{name}"]).fetchone()[0]
    answers = connection.execute(
        "SELECT class, predicted FROM prediction JOIN reference USING (dataset, image_id) WHERE class IS NOT NULL "
        "AND model_id = 'split' AND role = 'external_test' AND policy = 'u_ignore'").fetchnumpy()
    names = [one for one, in connection.execute("SELECT name FROM finding ORDER BY index").fetchall()]
expected = {each: 1 - precision_score(answers["class"] != i, answers["predicted"] != i) for i, each in enumerate(names)}

downloads = {}
from dashboard import widgets
from dashboard.text.table_files import files
widgets.download = lambda *tables, **_: downloads.update({f.name: f.data() for each in tables for f in files(each)})
app = AppTest.from_file(str(Path("dashboard/app.py").absolute()), default_timeout=60)
shown = {}
for part, more in (("configurations", {}), ("classes", {"metric": name})):
    app.query_params.clear()
    for key, value in {"page": "performance", "part": part, **more}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    assert app.get("plotly_chart")
    shown[part] = " ".join([said(app), *(each.proto.spec for each in app.get("plotly_chart"))])
    shown[f"{part} download"] = " ".join(downloads.values())
print(json.dumps({"stored": stored, "expected": expected, "gaps": gaps, "shown": shown}))
"""


def test_a_metric_is_computed_stored_shown_and_downloaded(grown, tmp_path, monkeypatch):
    monkeypatch.setenv("SECOND_SITE_RESULTS", str(tmp_path / "results"))
    monkeypatch.setenv("SECOND_SITE_CACHE", str(tmp_path / "cache"))
    found = _run(grown, METRIC, tmp_path / "results")
    assert len(found["stored"]) == 6
    assert found["stored"] == pytest.approx(found["expected"])
    assert found["gaps"] > 0
    assert "Macro false omission rate" in found["shown"]["configurations"]
    assert "macro_false_omission_rate" in found["shown"]["configurations download"]
    assert "alse omission rate" in found["shown"]["classes"]
    assert "false_omission_rate" in found["shown"]["classes download"]


READER = """
import json, sys
from pathlib import Path
from cxr_core.cli.commands import run
from cxr_core.errors import CxrError
from cxr_core.findings import FINDINGS
from cxr_core.labels import apply, votes
from cxr_core.pipeline import sites
from cxr_core.pipeline.workspace import Workspace

root = Path(sys.argv[1])
workspace = Workspace(results=root / "results", cache=root / "cache")
(manifest,) = sites.read(f"lakeside:{root / 'data'}", classes=FINDINGS, default=None, workspace=workspace)
(again,) = sites.read("lakeside", classes=FINDINGS, default=None, workspace=workspace)
reference = apply(manifest.default_policy, votes(manifest))
def refusal(spec):
    try:
        sites.read(spec, classes=FINDINGS, default=None, workspace=workspace)
    except CxrError as error:
        return str(error)
table = root / "data" / "labels.csv"
table.write_text(table.read_text().replace("p2,AP", "p2,sideways"))
wrong = refusal("lakeside")
(root / "lakeside.csv").write_text("image,No Finding\\n")
print(json.dumps({
    "images": manifest.images["file"].tolist(), "views": manifest.images["view"].tolist(),
    "there": [manifest.path(*pair).is_file() for pair in zip(manifest.images["image_id"], manifest.images["file"])],
    "classes": reference.classes.tolist(), "rejected": manifest.rejected,
    "again": again.fingerprint() == manifest.fingerprint(),
    "wrong": wrong, "unknown": refusal("nobody:data"), "taken": refusal(f"table:{root / 'lakeside.csv'}"),
    "help": "lakeside" in run.__doc__,
}))
"""


def test_a_reader_is_read_through_the_sites_of_a_run(grown, tmp_path):
    (tmp_path / "data" / "images").mkdir(parents=True)
    for name in ("a.png", "b.png"):
        (tmp_path / "data" / "images" / name).write_bytes(b"")
    header = "image,patient,projection,Normal,Enlarged Heart,Nodule,Opacity,Effusion,Consolidation"
    rows = ("a.png,p1,PA,,,,,1,", "b.png,p2,AP,1,0,0,0,0,0", "c.png,p2,L,,,,,,")
    (tmp_path / "data" / "labels.csv").write_text("\n".join((header, *rows)))
    found = _run(grown, READER, tmp_path)
    assert found["images"] == ["images/a.png", "images/b.png"]
    assert found["there"] == [True, True]
    assert found["views"] == ["PA", "AP"]
    assert found["classes"] == [4, 0]
    assert found["rejected"] == [["images/c.png", "There is no such image file."]]
    assert found["again"]
    assert re.search(r"labels\.csv:3: column 'projection': expected one of PA, AP, L.*found 'sideways'", found["wrong"])
    assert "lakeside" in found["unknown"]
    assert found["help"]
    assert "lakeside" in found["taken"]


PAGE = """
import json, sys
from pathlib import Path
import duckdb
from streamlit.testing.v1 import AppTest
from tests.support.made.runs import MadeRun

path = MadeRun().write(Path(sys.argv[1]))
def opened():
    app = AppTest.from_file(str(Path("dashboard/app.py").absolute()), default_timeout=60)
    app.query_params["page"] = "rejected"
    app.run()
    assert not app.exception, app.exception
    components = " ".join(one.proto.json for one in app.get("bidi_component"))
    table = app.table[0].value.to_dict("list") if app.table else {}
    texts = {kind: [one.value for one in app.get(kind)] for kind in ("title", "markdown")}
    return texts | {"components": components, "table": table}
none = opened()
with duckdb.connect(str(path)) as connection:
    connection.execute("INSERT INTO rejected VALUES ('vinbigdata', 'a.png', 'Half of it is missing.'), "
        "('vinbigdata', 'b.png', 'Half of it is missing.'), ('chexpert_train', 'c.jpg', 'It is a text.')")
print(json.dumps({"none": none, "some": opened()}))
"""


def test_a_page_is_listed_and_answers(grown, tmp_path, monkeypatch):
    monkeypatch.setenv("SECOND_SITE_RESULTS", str(tmp_path / "results"))
    monkeypatch.setenv("SECOND_SITE_CACHE", str(tmp_path / "cache"))
    found = _run(grown, PAGE, tmp_path / "results")
    assert found["none"]["title"] == found["some"]["title"] == ["Which files were set aside?"]
    assert '"Rejected"' in found["some"]["components"]
    assert "Every file that the tables name was read." in found["none"]["markdown"]
    said = " ".join(found["some"]["markdown"]).replace("\u00a0", " ")
    assert "**3 files** could not be read, for 2 reasons" in said
    assert found["some"]["table"]["Files"] == ["2", "1"]


ARCHITECTURE = """
import json, sys
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
import numpy as np
from cxr_core.cli.main import main
from cxr_core.network import load
from cxr_core.network.tensor_file import read_metadata
from cxr_core.settings import Network, Recipe
from cxr_core.training import MemberTask, read_epochs, train_member
from dashboard.training.data.recipe import settings
from dashboard.training.text.recipe import recipe_lines

class Noise:
    def __init__(self, cache, *, size_px, picture_hashes):
        self.pixels = np.random.default_rng(0).integers(0, 256, (len(picture_hashes), size_px, size_px), dtype=np.uint8)
    def __len__(self):
        return len(self.pixels)
    def take(self, rows):
        return self.pixels[rows]

root, network = Path(sys.argv[1]), Network(architecture="plain", weights="none", size_px=32)
task = MemberTask(
    model_id="split-0", seed=0, member=0, fold=None, n_classes=6, device="cpu", show_progress=False,
    network=network, recipe=Recipe(epochs=1, batch_size=4),
    train=("0", "1", "2", "3"), train_classes=(0, 1, 2, 3), held_out=("4",), held_out_classes=(5,),
    cache=root, weights_folder=root, folder=root / "checkpoints", out=root / "split-0.safetensors",
)
weights = train_member(task, open_images=Noise)
(epoch,) = read_epochs(weights)
config = json.dumps({"experiment": {"network": {"architecture": "plain"}}})
with redirect_stdout(StringIO()) as told, suppress(SystemExit):
    main(["run", "--help"])
print(json.dumps({
    "architecture": read_metadata(weights)["architecture"], "loss": epoch.train_loss,
    "outputs": load(weights, network=network).head.out_features,
    "said": dict(recipe_lines(settings(config)))["Network"],
    "help": told.getvalue(),
}))
"""


def test_an_architecture_is_offered_trained_and_named(grown, tmp_path):
    found = _run(grown, ARCHITECTURE, tmp_path)
    assert found["architecture"] == "plain"
    assert found["loss"] > 0
    assert found["outputs"] == 6
    assert found["said"] == "three plain convolutions"
    assert re.search(r"--architecture\s+\{[^}]*\bplain\b", found["help"])


COLUMN = """
import json, sys, time
from pathlib import Path
from cxr_core.pipeline.seal import Description, append_run
from cxr_core.store import write
from cxr_core.store.open import open_run
from tests.support import golden

root = Path(sys.argv[1])
new = root / "new" / "results.duckdb"
new.parent.mkdir()
described = Description(
    run_id="new", preset="run", parent=None, config={}, device="cpu", notes=(), started=time.time()
)
with write.new_results(new, classes=["A", "B"]) as connection:
    append_run(connection, described)
def asked(path):
    with open_run(path) as connection:
        return connection.execute("SELECT schema_version, processors FROM run").fetchone()
print(json.dumps({"new": asked(new), "old": asked(golden.unpacked(2, root))}))
"""


GROWTH = """
import sys, pytest
from tests.support import golden

golden.main()
wanted = ("tests/cxr_core/store/test_growth.py", "-k", "every_version or kept_files")
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *wanted]))
"""


@pytest.fixture(scope="module")
def sealed(grown, tmp_path_factory):
    """A run with the new column, and what is read of it and of a run of before."""
    folder = tmp_path_factory.mktemp("sealed")
    return folder / "new" / "results.duckdb", _run(grown, COLUMN, folder)


def test_a_column_is_written_and_empty_in_runs_of_before(sealed):
    _, found = sealed
    assert found == {"new": [5, os.cpu_count()], "old": [2, None]}


def test_the_file_of_the_new_version_is_kept_and_opened_like_those_of_before(grown):
    told = _in(grown, sys.executable, "-P", "-c", GROWTH)
    assert (grown / "tests/cxr_core/store/golden/version-5.duckdb.gz").is_file()
    assert "5 passed" in told


def test_a_file_with_a_new_column_is_refused_here_by_its_version(sealed):
    path, _ = sealed
    with pytest.raises(RefusedError, match="schema version 5"):
        open_run(path)
