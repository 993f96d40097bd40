"""A sealed run is compared with what it was, and what is wrong says what to do."""

import hashlib
import json
import shutil

import duckdb
import pytest

from cxr_core.cli.main import main
from cxr_core.errors import NoRoomError, StoreError
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import hashes, sites
from cxr_core.pipeline.export import export
from cxr_core.pipeline.parent import read_parent
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.verify import verify
from cxr_core.pipeline.workspace import RunFolder, Workspace


def run(settings, hospitals, workspace):
    source = sites.read(str(hospitals[0]), classes=FINDINGS, default="vinbigdata", workspace=workspace)
    external = sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)
    return carry_out(trained_models(settings, source=source, external=external), workspace=workspace)


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory):
    """A cache that nothing else fills."""
    return tmp_path_factory.mktemp("own") / "cache"


@pytest.fixture(scope="module")
def finished(hospitals, own_cache, tiny, tmp_path_factory):
    workspace = Workspace(
        results=tmp_path_factory.mktemp("results"), name="one", cache=own_cache, device="cpu", workers=1
    )
    return run(tiny, hospitals, workspace)


@pytest.fixture
def sealed_run(finished, tmp_path):
    copied = RunFolder(path=tmp_path / "results" / finished.run_id)
    shutil.copytree(finished.path, copied.path)
    return copied


@pytest.fixture
def verified(sealed_run, own_cache, capsys):
    """Verifies the run as one types it; gives the exit code, and everything that was said."""

    def verify_it(*words, cache=own_cache):
        command = ["verify", *(words or ["one"]), "--results", str(sealed_run.path.parent), "--cache", str(cache)]
        code = main(command)
        said = capsys.readouterr()
        return code, said.out + said.err

    return verify_it


def described(folder):
    return json.loads((folder.path / "run.json").read_text())


def test_a_run_tells_what_its_files_are_known_by(finished):
    known = described(finished)

    files = [finished.results, *finished.members.iterdir()]
    assert known["files"] == {
        path.relative_to(finished.path).as_posix(): f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in files
    }
    with duckdb.connect(str(finished.results), read_only=True) as connection:
        for table, rows in known["rows"].items():
            assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchall() == [(rows,)]  # noqa: S608
    assert known["rows"]["prediction"] > 0


def test_what_is_right_is_said_to_be_right(verified):
    code, said = verified()

    assert code == 0
    assert "WRONG" not in said
    assert "right  results.duckdb is what it was." in said
    assert "right  members/full-0.safetensors is what it was." in said
    assert "132 of 132 are in this machine's cache" in said


@pytest.mark.parametrize("name", ["results.duckdb", "members/split-1.safetensors"])
@pytest.mark.parametrize(("place_in_file", "expected"), [(0.0, "is not what it was"), (0.6, "is not what it was")])
def test_a_flipped_bit_is_found_and_what_to_do_is_said(verified, sealed_run, name, place_in_file, expected):
    path = sealed_run.path / name
    content = bytearray(path.read_bytes())
    content[int(place_in_file * len(content))] ^= 1
    path.write_bytes(content)

    code, said = verified()

    assert code == 2
    assert f"WRONG  {name} {expected}" in said
    assert "Bring it from another copy of the run" in said


def test_what_is_gone_is_named_with_what_it_costs(verified, sealed_run):
    (sealed_run.members / "full-1.safetensors").unlink()

    code, said = verified()

    assert code == 2
    assert "WRONG  members/full-1.safetensors is gone. Without it the run cannot be scored again." in said


def test_a_run_without_results_is_not_complete(verified, sealed_run):
    sealed_run.results.unlink()
    (sealed_run.path / "run.json").unlink()

    code, said = verified()

    assert code == 2
    assert "start the same train.py command again to go on with it" in said


def test_a_log_beside_the_results_is_wrong(verified, sealed_run):
    sealed_run.results.with_name("results.duckdb.wal").write_bytes(b"something")

    code, said = verified()

    assert code == 2
    assert "WRONG  results.duckdb.wal" in said


@pytest.mark.parametrize(
    "content", ["{", '{"files": 3}', '{"files": {"a": "b"}, "rows": {}, "exported_from": null}', "["]
)
def test_a_damaged_description_is_said(verified, sealed_run, content):
    (sealed_run.path / "run.json").write_text(content if content != "[" else "[" * 100_000)

    code, said = verified()

    assert code == 2
    assert "WRONG  run.json" in said
    assert "is damaged" in said


def test_nothing_outside_the_run_is_looked_at(verified, sealed_run):
    (sealed_run.path.parent / "secret").write_text("secret")
    known = described(sealed_run)
    known["files"]["../secret"] = f"sha256:{'0' * 64}"
    (sealed_run.path / "run.json").write_text(json.dumps(known))

    code, said = verified()

    assert code == 2
    assert "outside the run" in said
    assert hashlib.sha256(b"secret").hexdigest() not in said


@pytest.mark.parametrize("gone", [True, False])
def test_a_run_of_before_is_read_to_the_end(verified, sealed_run, gone):
    path = sealed_run.path / "run.json"
    known = described(sealed_run)
    del known["files"]
    path.write_text(json.dumps(known))
    if gone:
        path.unlink()

    code, said = verified()

    assert code == 0
    assert ("is not there" if gone else "was written before files were hashed") in said
    assert "whether it ever changed cannot be told" in said


def test_images_that_are_not_on_this_machine_are_no_fault(verified, tmp_path):
    code, said = verified(cache=tmp_path / "none")

    assert code == 0
    assert "0 of 132 are in this machine's cache" in said
    assert "132 are not on this machine, which is no fault" in said


@pytest.mark.parametrize("kind", [".npy", ".json"])
def test_a_damaged_shard_of_the_cache_is_named_with_what_to_do(verified, own_cache, tmp_path, kind):
    cache = tmp_path / "cache"
    shutil.copytree(own_cache, cache)
    shard = min(cache.rglob(f"images/*/*{kind}"))
    content = bytearray(shard.read_bytes())
    content[-1] ^= 255
    shard.write_bytes(content)

    code, said = verified(cache=cache)

    assert code == 2
    assert shard.stem in said
    assert "Delete those files: the next run decodes the images again" in said


@pytest.mark.parametrize("with_images", [True, False])
def test_an_export_is_verified_as_what_it_was_when_it_was_exported(
    verified, sealed_run, own_cache, tmp_path, with_images
):
    workspace = Workspace(results=sealed_run.path.parent, cache=own_cache)
    copy = export(sealed_run, to=tmp_path / "copy", with_images=with_images, cache=workspace.cache)

    code, said = verified(str(copy))

    assert code == 0
    assert "describes an export" in said
    known = described(RunFolder(path=copy))
    assert known["exported_from"] == described(sealed_run)["files"]["results.duckdb"]
    assert (known["files"]["results.duckdb"] == known["exported_from"]) == (not with_images)
    assert known["rows"]["pixels"] == (132 if with_images else 0)


def test_a_run_that_changed_is_not_handed_on(sealed_run, own_cache, tmp_path):
    with (sealed_run.members / "full-0.safetensors").open("ab") as file:
        file.write(b"x")

    workspace = Workspace(results=sealed_run.path.parent, cache=own_cache)
    with pytest.raises(Exception, match=r"is not what it was when the run was sealed.* verify one"):
        export(sealed_run, to=tmp_path / "copy", with_images=False, cache=workspace.cache)
    assert list((tmp_path / "copy").iterdir()) == []


@pytest.mark.parametrize("name", ["results.duckdb", "members/split-1.safetensors"])
def test_a_run_that_changed_is_not_scored_again(sealed_run, name):
    path = sealed_run.path / name
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE prediction SET predicted = 0")
    else:
        shutil.copy(path.with_name("split-0.safetensors"), path)

    with pytest.raises(StoreError, match="is not what it was when the run was sealed"):
        read_parent(sealed_run)


def test_a_run_that_ends_between_its_hashes_and_its_name_goes_on(hospitals, own_cache, tiny, tmp_path, monkeypatch):
    workspace = Workspace(results=tmp_path / "results", name="two", cache=own_cache, device="cpu", workers=1)
    noted = hashes.note

    def note_and_stop(folder, found):
        noted(folder, found)
        raise NoRoomError("full")

    with monkeypatch.context() as patched:
        patched.setattr(hashes, "note", note_and_stop)
        with pytest.raises(NoRoomError):
            run(tiny, hospitals, workspace)
    folder = workspace.results / "two"
    assert "files" in json.loads((folder / "run.json").read_text())
    assert not (folder / "results.duckdb").exists()
    assert not [path for path in folder.rglob("*") if ".part" in path.name]
    weights = {path: path.stat().st_mtime_ns for path in (folder / "members").iterdir()}

    again = run(tiny, hospitals, workspace)

    assert all(finding.is_right for finding in verify(again, cache=own_cache))
    assert {path: path.stat().st_mtime_ns for path in (folder / "members").iterdir()} == weights
    assert not (folder / "work").exists()
