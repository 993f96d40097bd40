"""Filling the cache: what is kept, what is tried again, and what a bad file or a kill costs."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from pydicom import uid

from cxr_core.errors import DataError
from cxr_core.images import cache as module
from cxr_core.images import filling, shards
from cxr_core.images.cache import Cached, Pixels, Rejected, fill
from cxr_core.images.cache_reader import CacheReader
from cxr_core.images.decode import facts
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.images.decode.file import decode
from cxr_core.images.filling import FillShard
from cxr_core.images.harmonize import harmonize
from cxr_core.progress.meter import Meter
from cxr_core.tasks import Local

ROOT = Path(__file__).parents[3]
REAL = ROOT / "../shared/real-cxr"
SIZE_PX = 32


def filled(files, cache, *, workers=0, **more) -> list[Cached | Rejected]:
    settings = {"size_px": SIZE_PX} | more
    return fill(files, cache=cache, executor=Local(workers=workers), **settings)


def pixels_of(results, cache) -> np.ndarray:
    hashes = [result.picture_hash for result in results]
    return Pixels.open(cache, size_px=SIZE_PX, picture_hashes=hashes).take(np.arange(len(hashes)))


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def files(write_dicom, radiograph):
    return [
        write_dicom(radiograph(height=60 + n, width=70, seed=n), name=f"secret{n}.dicom", syntax=syntax)
        for n, syntax in enumerate([uid.ExplicitVRLittleEndian, uid.JPEG2000Lossless, uid.RLELossless] * 2)
    ]


def test_images_and_what_their_headers_say_come_in_the_order_of_the_files(files, cache):
    results = filled(files, cache)
    assert [result.height for result in results] == [60, 61, 62, 63, 64, 65]
    assert {(result.width, result.facts) for result in results} == {
        (70, ImageFacts(view="PA", sex="F", age_years=64.0))
    }
    assert pixels_of(results, cache).shape == (6, SIZE_PX, SIZE_PX)


def test_no_files_make_no_work(cache):
    assert filled([], cache) == []


def test_a_second_time_nothing_is_decoded(files, cache, monkeypatch):
    first = filled(files, cache)
    monkeypatch.setattr(module, "run_all", lambda *_, **__: pytest.fail("decoded again"))
    assert filled(files, cache) == first
    assert filled(files[::-1], cache) == first[::-1]


def test_new_files_alone_are_decoded(files, cache, monkeypatch):
    first = filled(files[:4], cache)
    decoded = []
    original = filling.decode
    monkeypatch.setattr(filling, "decode", lambda path, **size: decoded.append(path) or original(path, **size))
    assert filled(files, cache)[:4] == first
    assert decoded == files[4:]


def age(cache):
    """Makes the cache one of a release that read less of a header."""
    for index in cache.rglob("*.json"):
        content = json.loads(index.read_text())
        content["facts_version"] = facts.VERSION - 1
        for entry in content["entries"]:
            entry["facts"] = {}
        index.rename(index.with_name(f"early-{index.name}"))
        index.with_suffix(".npy").rename(index.with_name(f"early-{index.stem}.npy"))
        index.with_name(f"early-{index.name}").write_text(json.dumps(content))


def test_headers_of_which_less_was_read_are_read_again_and_the_pictures_stay(files, cache):
    first = filled(files, cache)
    expected = pixels_of(first, cache)
    age(cache)
    lookup = CacheReader(shards.folder(cache, size_px=SIZE_PX))
    before = lookup.find(first[0].picture_hash)
    np.testing.assert_array_equal(before, expected[0])
    assert filled(files, cache) == first
    np.testing.assert_array_equal(pixels_of(first, cache), expected)
    assert not list(cache.rglob("early-*"))
    for result, pixels in zip(first, expected, strict=True):
        np.testing.assert_array_equal(lookup.find(result.picture_hash), pixels)


def test_what_was_not_read_again_stays(files, cache, monkeypatch):
    monkeypatch.setattr(module, "_parts", lambda *_, **__: 1)
    first = filled(files, cache)
    age(cache)
    assert filled(files[:2], cache) == first[:2]
    assert len(list(cache.rglob("early-*.json"))) == 1
    np.testing.assert_array_equal(pixels_of(first, cache)[:2], pixels_of(first[:2], cache))
    assert filled(files, cache) == first
    assert not list(cache.rglob("early-*"))


def test_another_size_is_another_cache(files, cache):
    filled(files, cache)
    assert [result.content_hash for result in filled(files, cache, size_px=48)] == [
        result.content_hash for result in filled(files, cache)
    ]
    assert len(list((cache / "images").iterdir())) == 2


def test_a_changed_file_is_decoded_again(files, cache):
    before = filled(files, cache)
    shutil.copy(files[1], files[0])
    after = filled(files, cache)
    assert after[0].content_hash == after[1].content_hash == before[1].content_hash
    assert after[1:] == before[1:]


def test_a_file_of_the_same_size_that_changed_is_decoded_again(files, cache):
    before = filled(files[:1], cache)
    status = files[0].stat()
    data = bytearray(files[0].read_bytes())
    data[-1] ^= 1
    files[0].write_bytes(bytes(data))
    os.utime(files[0], ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert filled(files[:1], cache)[0].content_hash != before[0].content_hash


def test_the_order_of_the_files_does_not_change_their_pixels(files, tmp_path):
    expected = dict(zip(files, pixels_of(filled(files, tmp_path / "0"), tmp_path / "0"), strict=True))
    for number, order in enumerate(itertools.islice(itertools.permutations(files), 1, 200, 49)):
        cache = tmp_path / f"{number + 1}"
        for path, pixels in zip(order, pixels_of(filled(order, cache), cache), strict=True):
            np.testing.assert_array_equal(pixels, expected[path])


def test_equal_content_is_stored_once_in_a_shard(files, cache, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_parts", lambda *_, **__: 1)
    copy = shutil.copy(files[0], tmp_path / "copy.dicom")
    results = filled([files[0], copy, files[1]], cache)
    assert results[0] == results[1] != results[2]
    (index,) = shards.indexes(shards.folder(cache, size_px=SIZE_PX))
    assert shards.read(index).rows == 2


WIDE, NARROW = {"WindowCenter": 2000, "WindowWidth": 3800}, {"WindowCenter": 1500, "WindowWidth": 500}


@pytest.fixture
def windowed(write_dicom, radiograph):
    """One exposure in two files with two windows."""
    pixels = radiograph(height=70, width=60)
    return [write_dicom(pixels, name=f"{n}.dicom", elements=one) for n, one in enumerate((WIDE, NARROW))]


@pytest.mark.parametrize("at_once", [True, False], ids=["in one shard", "a later site"])
def test_one_exposure_through_two_windows_is_two_pictures(windowed, cache, at_once):
    wide, narrow = windowed
    expected = [harmonize(decode(path, size_px=224), size_px=SIZE_PX) for path in windowed]
    assert np.abs(expected[0].astype(int) - expected[1]).mean() > 20
    first, second = filled(windowed, cache) if at_once else (filled([wide], cache)[0], filled([narrow], cache)[0])
    assert first.content_hash == second.content_hash
    assert first.picture_hash != second.picture_hash
    lookup = CacheReader(shards.folder(cache, size_px=SIZE_PX))
    for results in ([first, second], filled(windowed, cache), filled(windowed[::-1], cache)[::-1]):
        np.testing.assert_array_equal(pixels_of(results, cache), expected)
        np.testing.assert_array_equal([lookup.find(result.picture_hash) for result in results], expected)


def test_a_file_whose_window_changed_leaves_the_picture_of_before_where_it_was(windowed, cache):
    wide, narrow = windowed
    before = filled([wide], cache)
    picture = pixels_of(before, cache)
    shutil.copy(narrow, wide)
    after = filled([wide], cache)
    assert after[0].picture_hash != before[0].picture_hash
    np.testing.assert_array_equal(pixels_of(before, cache), picture)


def test_the_shard_of_an_older_release_serves_no_picture(windowed, cache):
    (wide, _) = windowed
    (result,) = filled([wide], cache)
    (index,) = shards.indexes(shards.folder(cache, size_px=SIZE_PX))
    content = json.loads(index.read_text())
    for row in content["entries"]:
        row["content_hash"] = row.pop("picture_hash")
    index.write_text(json.dumps(content))
    assert CacheReader(index.parent).find(result.picture_hash) is None
    assert not Pixels.at_hand(cache, size_px=SIZE_PX, picture_hashes=[result.picture_hash]).any()
    assert filled([wide], cache) == [result]
    assert Pixels.at_hand(cache, size_px=SIZE_PX, picture_hashes=[result.picture_hash]).all()


def test_the_cache_names_neither_files_nor_patients(files, cache, tmp_path):
    damaged = tmp_path / "secret.jpg"
    damaged.write_bytes(files[0].read_bytes()[:1000])
    filled([*files, damaged, tmp_path / "secret.png"], cache)
    content = b"".join(path.read_bytes() for path in cache.rglob("*.json"))
    names = " ".join(str(path.relative_to(cache)) for path in cache.rglob("*"))
    assert b"SECRET" not in b"".join(path.read_bytes() for path in cache.rglob("*.npy"))
    for word in ("secret", "SECRET", "0815", "19600229", str(tmp_path), tmp_path.name):
        assert word.encode() not in content
        assert word not in names


class TestBadFiles:
    def test_each_is_set_aside_with_its_reason_and_remembered(self, files, cache, tmp_path, monkeypatch):
        bad = {
            "cut.dicom": files[1].read_bytes()[:-500],
            "text.jpg": b"This is no JPEG.",
            "empty.dicom": b"",
            "page.png": b"<html></html>" * 30,
        }
        for name, data in bad.items():
            (tmp_path / name).write_bytes(data)
        everything = [files[0], *(tmp_path / name for name in bad), files[1]]
        results = filled(everything, cache)
        assert [isinstance(result, Cached) for result in results] == [True, False, False, False, False, True]
        assert [result.reason[:44] for result in results[1:5]] == [
            "Expected a DICOM file with pixels; found no ",
            "Expected a DICOM, JPEG or PNG file; found ot",
            "Expected a DICOM, JPEG or PNG file; found an",
            "Expected a DICOM, JPEG or PNG file; found ot",
        ]
        monkeypatch.setattr(module, "run_all", lambda *_, **__: pytest.fail("decoded again"))
        assert filled(everything, cache) == results

    def test_files_that_are_none_get_a_reason_and_are_looked_for_again(self, files, cache, tmp_path):
        (tmp_path / "folder.jpg").mkdir()
        os.mkfifo(tmp_path / "pipe.jpg")
        (tmp_path / "link.jpg").symlink_to(tmp_path / "nowhere")
        names = ["folder.jpg", "pipe.jpg", "link.jpg", "missing.jpg"]
        results = filled([tmp_path / name for name in names], cache)
        assert [result.reason.split(".")[0] for result in results] == [
            "Expected a file; found a folder or a device",
            "Expected a file; found a folder or a device",
            "The file cannot be read (No such file or directory)",
            "The file cannot be read (No such file or directory)",
        ]
        shutil.copy(files[0], tmp_path / "missing.jpg")
        assert isinstance(filled([tmp_path / "missing.jpg"], cache)[0], Cached)

    def test_a_file_that_could_not_be_opened_is_tried_again(self, files, cache, monkeypatch):
        read_bytes = Path.read_bytes

        def denied(path):
            if path == files[0]:
                raise PermissionError(13, "Permission denied")
            return read_bytes(path)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", denied)
            results = filled(files[:1], cache)
        assert results == [
            Rejected(reason="The file cannot be read (Permission denied). Check that it is there and readable.")
        ]
        assert isinstance(filled(files[:1], cache)[0], Cached)

    @pytest.mark.parametrize("fate", ["abort", "hang", "swell"])
    def test_one_that_takes_its_worker_with_it_costs_one_file(self, files, cache, monkeypatch, fate):
        monkeypatch.setattr(module, "perform", FATES[fate])
        monkeypatch.setattr(module, "_parts", lambda *_, **__: 1)
        doomed = files[3].rename(files[3].with_name("doomed.dicom"))
        files[3] = doomed
        results = filled(files, cache, workers=2, timeout_s=2 if fate == "hang" else 60)
        assert [isinstance(result, Cached) for result in results] == [True, True, True, False, True, True]
        assert results[3].reason.startswith("The file could not be decoded. It")
        assert {"abort": "ended unexpectedly", "hang": "longer", "swell": "memory"}[fate] in results[3].reason
        monkeypatch.undo()
        assert isinstance(filled(files, cache)[3], Cached)


def _doomed(task: FillShard) -> bool:
    return any(path.name == "doomed.dicom" for path, _ in task.files)


def _abort(task: FillShard) -> Path:
    if _doomed(task):
        os.abort()
    return filling.perform(task)


def _hang(task: FillShard) -> Path:
    if _doomed(task):
        filling.decode = _never_decoded
    return filling.perform(task)


def _never_decoded(path: Path, *, size_px: int) -> None:
    from cxr_core.images.decode.file import decode

    while path.name == "doomed.dicom":
        time.sleep(0.1)
    return decode(path, size_px=size_px)


def _swell(task: FillShard) -> Path:
    if _doomed(task):
        np.ones(3 * 2**30, dtype=np.uint8)
    return filling.perform(task)


def test_a_decoder_that_hangs_over_one_of_several_files_is_ended_by_the_kernel(files, tmp_path):
    doomed = files[0].rename(files[0].with_name("doomed.dicom"))
    task = FillShard(folder=tmp_path, files=((files[1], "1"), (doomed, "0")), size_px=SIZE_PX, timeout_s=0.5)
    worker = get_context("spawn").Process(target=_hang, args=(task,))
    worker.start()
    worker.join(30)
    worker.kill()
    assert worker.exitcode == -signal.SIGALRM


FATES = {"abort": _abort, "hang": _hang, "swell": _swell}


class TestDamagedCache:
    @pytest.fixture
    def before(self, files, cache):
        results = filled(files, cache)
        return results, pixels_of(results, cache)

    def part(self, cache, ending):
        return min(shards.folder(cache, size_px=SIZE_PX).glob(f"*{ending}"))

    def cut(self, path):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    def flip(self, path):
        data = bytearray(path.read_bytes())
        data[-100] ^= 1
        path.write_bytes(bytes(data))

    def remove(self, path):
        path.unlink()

    def empty(self, path):
        path.write_bytes(b"")

    def other(self, path):
        path.write_text('{"rows": 1}')

    @pytest.mark.parametrize(
        ("ending", "damage"),
        [
            (".npy", "cut"),
            (".npy", "flip"),
            (".npy", "remove"),
            (".npy", "empty"),
            (".json", "cut"),
            (".json", "remove"),
            (".json", "empty"),
            (".json", "other"),
        ],
    )
    def test_is_noticed_and_made_again(self, *, before, files, cache, ending, damage):
        getattr(self, damage)(self.part(cache, ending))
        results = filled(files, cache)
        assert results == before[0]
        np.testing.assert_array_equal(pixels_of(results, cache), before[1])

    def test_a_damaged_shard_is_not_trusted_for_its_other_images_either(self, before, files, cache):
        self.flip(self.part(cache, ".npy"))
        filled(files[:2], cache)
        hashes = [result.picture_hash for result in before[0]]
        assert Pixels.at_hand(cache, size_px=SIZE_PX, picture_hashes=hashes).tolist() == [True] * 2 + [False] * 4

    def test_what_killed_processes_left_is_swept(self, files, cache):
        ended = subprocess.Popen(["true"])
        ended.wait()
        left = shards.folder(cache, size_px=SIZE_PX) / f".{'a' * 32}.npy.{ended.pid}.part"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"half")
        filled(files, cache)
        assert not left.exists()

    def test_a_cache_folder_that_cannot_be_is_an_error_in_words(self, files, tmp_path):
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(DataError, match="Expected a cache folder to write to"):
            filled(files, tmp_path / "file")


SCRIPT = """
import sys
from pathlib import Path
from cxr_core.images.cache import fill
from cxr_core.tasks import Local
if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).glob("*.dicom"))
    results = fill(files, cache=Path(sys.argv[2]), size_px=32, executor=Local(workers=2))
    print(*(result.content_hash for result in results))
"""


@pytest.fixture
def many(tmp_path, write_dicom, radiograph):
    first = write_dicom(radiograph(height=1000, width=1000), syntax=uid.JPEG2000Lossless, name="0.dicom")
    data = first.read_bytes()
    place = data.index(b"\xff\x64")  # a comment in the codestream: other bytes, so that each file is another image
    for number in range(1, 100):
        (tmp_path / f"{number}.dicom").write_bytes(data[: place + 8] + b"%3d" % number + data[place + 11 :])
    return sorted(tmp_path.glob("*.dicom"))


def start(tmp_path, cache) -> subprocess.Popen:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, script, tmp_path, cache], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_after_a_kill_the_rest_is_decoded_and_the_pixels_are_the_same(many, tmp_path, cache, monkeypatch):
    process = start(tmp_path, cache)
    place = shards.folder(cache, size_px=SIZE_PX)
    while not list(place.glob("*.json")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    kept = sum(len(shards.read(index).entries) for index in shards.indexes(place))
    assert 0 < kept < len(many)

    decoded = []
    original = filling.decode
    monkeypatch.setattr(filling, "decode", lambda path, **size: decoded.append(path) or original(path, **size))
    results = filled(many, cache)
    assert len(decoded) == len(many) - kept
    undisturbed = filled(many, tmp_path / "undisturbed")
    assert results == undisturbed
    np.testing.assert_array_equal(pixels_of(results, cache), pixels_of(undisturbed, tmp_path / "undisturbed"))
    deadline = time.monotonic() + 30
    while list(cache.rglob("*.part")) and time.monotonic() < deadline:
        time.sleep(0.1)  # until the system has buried the killed workers, their files count as being written
        filled(many, cache)
    assert not list(cache.rglob("*.part"))


def test_two_at_once_do_not_disturb_each_other(many, tmp_path, cache):
    processes = [start(tmp_path, cache) for _ in range(2)]
    said = {process.communicate(timeout=120)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(said) == 1
    results = filled(many, cache)
    assert " ".join(result.content_hash for result in results) == said.pop().strip()


def test_shards_are_many_enough_for_the_workers_and_never_too_large():
    def parts(files, *, size_px=224, slots=2):
        paths = tuple((Path(f"{n}"), f"{n}") for n in range(files))
        work = FillShard(folder=Path(), files=paths, size_px=size_px, timeout_s=1)
        cut = work.split(module._parts(work, slots=slots))
        assert sum((part.files for part in cut), ()) == paths
        return [len(part.files) for part in cut]

    assert parts(1) == [1]
    assert parts(97) == [13] * 7 + [6]
    assert 250 <= max(parts(40_000)) <= 256
    assert 60 <= max(parts(1000, size_px=1024)) <= 64
    assert max(parts(20, size_px=20_000)) == 1


def test_progress_is_shown_on_standard_error(files, cache, capfd):
    filled(files, cache, meter=Meter(label="site A", unit=" images"))
    said = capfd.readouterr()
    assert said.out == ""
    assert "site A: 100%" in said.err
    assert "6/6" in said.err
    assert " images" in said.err


@pytest.mark.skipif(not REAL.exists(), reason="the real images are not on this machine")
def test_real_files(cache):
    files = sorted((REAL / "vindr/train").glob("*.dicom"))[:12] + sorted(REAL.rglob("*.jpg"))[:12]
    results = filled(files, cache, workers=2, size_px=224)
    assert all(isinstance(result, Cached) for result in results)
    assert {(result.width, result.height) for result in results} == {(1024, 1024)}
    assert {result.facts.sex for result in results[:12]} == {"F", "M"}
    index = json.loads(next(cache.rglob("*.json")).read_text())
    assert "SECRET" not in json.dumps(index)
