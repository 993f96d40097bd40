"""A site that cannot be measured is named with its reason, where its numbers would stand."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_core.findings import FINDINGS
from cxr_core.pipeline import sites
from cxr_core.pipeline.inherited_models import inherited_models
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.summary import summary
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.store.open import open_run


@pytest.fixture(scope="module")
def lay(hospitals, tmp_path_factory):
    """An external site's table of images, labelled by a rule from the number of the image."""

    def laid(name, label):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(hospitals[1] / "train", folder / "train")
        with (folder / f"{name}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["image", "patient", *FINDINGS])
            for number, path in enumerate(sorted(folder.rglob("*frontal.jpg"))):
                rows.writerow([path.relative_to(folder).as_posix(), path.parent.parent.name, *label(number)])
        return f"table:{folder / f'{name}.csv'}"

    return laid


@pytest.fixture
def carried_out(hospitals, workspace, tiny):
    def run(*specs):
        source = sites.read(str(hospitals[0]), classes=FINDINGS, default="vinbigdata", workspace=workspace)
        external = [
            one for spec in specs for one in sites.read(spec, classes=FINDINGS, default=None, workspace=workspace)
        ]
        return carry_out(
            trained_models(replace(tiny, members=1, regimes=("split",)), source=source, external=external),
            workspace=workspace,
        )

    return run


def test_a_site_without_a_label_says_so_at_its_line_and_at_the_gaps(carried_out, lay):
    folder = carried_out(lay("silent", lambda _: [""] * 6))

    *blocks, gaps = summary(folder.results).split("\n\n")
    assert len(blocks) == 2
    assert blocks[0].startswith("vinbigdata, labels by majority\n  split, ensemble")
    assert blocks[1] == (
        "silent, labels by u_ignore\n  no accuracy: none of 60 images has a single class to compare a prediction with"
    )
    assert gaps == "No gap: no image of an external site has a single class to compare a prediction with."


def test_a_finding_that_a_site_never_speaks_of_is_measured_nowhere_and_takes_no_class_away(carried_out, lay, workspace):
    def label(number):
        return [1 if index == number % 5 else 0 for index in range(5)] + [""]

    folder = carried_out(lay("mute", label))

    with open_run(folder.results) as connection:
        ask = connection.execute
        assert ask("SELECT DISTINCT isnan(present[6]), class < 5 FROM reference WHERE dataset = 'mute'").fetchall() in (
            [(True, True), (True, None)],
            [(True, None), (True, True)],
        )
        assert ask("SELECT count(class) FROM reference WHERE dataset = 'mute' AND policy = 'u_zeros'").fetchall() == [
            (60,)
        ]
        assert ask(
            "SELECT count(*) FROM metric WHERE dataset = 'mute' AND task = 'finding' AND finding = 'Consolidation' "
            "AND n > 0"
        ).fetchall() == [(0,)]
        (notes,) = ask("SELECT notes FROM run").fetchall()[0]
    assert any(note.startswith("mute: Blank in every row: Consolidation.") for note in notes)
    assert "no accuracy" not in summary(folder.results)

    named = lay("bad", label)
    for path in sorted(Path(named.removeprefix("table:")).parent.rglob("*frontal.jpg"))[:4]:
        path.write_text("no picture")
    bad = sites.read(named, classes=FINDINGS, default=None, workspace=workspace)
    again = carry_out(inherited_models(folder, external=bad, external_images="all"), workspace=workspace)
    listed = (again.path / "set_aside.csv").read_text()
    assert listed.count("\n") == 5
    assert "patient" not in listed
