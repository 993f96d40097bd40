import csv
from dataclasses import dataclass, replace

from cxr_core.pipeline.rejected_files import group_reasons, report
from cxr_core.pipeline.workspace import RunFolder


@dataclass
class Made:
    """As much of a dataset as is looked at."""

    name: str
    rejected: tuple[tuple[str, str], ...]
    images: range = range(42)


def test_reasons_that_differ_in_numbers_alone_are_one_and_equal_numbers_stay():
    reasons = [
        *(f"Expected 8 bits of JPEG 2000; found {n:,} bytes of 0x{n:x}." for n in (7, 1500, 1500, 3)),
        "Cut off.",
        "Cut off.",
        "Expected 8 bits",
    ]

    assert group_reasons(reasons) == [
        ("Expected 8 bits of JPEG 2000; found ... bytes of ....", 4),
        ("Cut off.", 2),
        ("Expected 8 bits", 1),
    ]


def test_every_file_is_counted_and_listed(context, tmp_path, capsys):
    kinds = [f"reason {'abcdefghijklmnopq'[kind]}, {number} bytes" for kind in range(17) for number in range(kind % 3)]
    rejected = tuple((f"file{place}", reason) for place, reason in enumerate(["common"] * 15 + kinds))

    report([Made("home", ()), Made("away", rejected)], context=replace(context, folder=RunFolder(path=tmp_path)))

    first, *rest = capsys.readouterr().out.splitlines()
    n, listed = len(rejected), tmp_path / "set_aside.csv"
    assert first == f"  away: {n} of {42 + n} files set aside, each named in {listed}:"
    assert rest[0] == "    15: common"
    assert rest[1] == "    2: reason c, ... bytes"
    assert sum(int(line.split(":")[0]) for line in rest) == len(rejected)
    with (tmp_path / "set_aside.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["dataset", "file", "reason"], *(["away", *one] for one in rejected)]


def test_where_nothing_is_set_aside_an_old_list_goes(context, tmp_path, capsys):
    (tmp_path / "set_aside.csv").touch()

    report([Made("home", ())], context=replace(context, folder=RunFolder(path=tmp_path)))

    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []
