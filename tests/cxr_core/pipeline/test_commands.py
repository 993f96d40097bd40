"""What a user types, and what is said when it cannot work."""

import shutil

import pytest

import train


@pytest.fixture
def typed(tmp_path, cache, capsys):
    """Types a command; gives the exit code, and everything that was said."""

    def type_(*words):
        place = ["--results", str(tmp_path / "results"), "--cache", str(cache), "--workers", "1", "--device", "cpu"]
        code = train.main([*words, *place])
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_


SMALL = (
    "--weights",
    "none",
    "--architecture",
    "small",
    "--size-px",
    "32",
    "--epochs",
    "1",
    "--members",
    "1",
    "--replicates",
    "100",
)


def test_alone_it_says_what_it_can_do_and_how_to_start(capsys):
    with pytest.raises(SystemExit) as stopped:
        train.main([])

    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert said.count("python ") >= 3
    for command in ("paper", "run", "evaluate", "export"):
        assert command in said


def test_help_names_every_setting(capsys):
    with pytest.raises(SystemExit):
        train.main(["paper", "--help"])

    said = capsys.readouterr().out
    for setting in (
        "--seed",
        "--results",
        "--name",
        "--device",
        "--weights",
        "--folds",
        "--saliency-method",
        "--size-px",
    ):
        assert setting in said


def test_a_run_ends_with_its_table_and_the_next_command(typed, hospitals):
    code, out, _ = typed(
        "paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "mine", *SMALL
    )

    assert code == 0
    assert "split, ensemble" in out
    assert "training images, no test" in out
    assert "no skill: always the majority here" in out
    assert "Points lost abroad" in out
    assert "streamlit run dashboard/app.py" in out


def test_an_old_run_is_scored_on_another_site_and_handed_on(typed, hospitals, tmp_path):
    typed("paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "old", *SMALL)

    code, out, err = typed("evaluate", "--run", "old", "--external", f"chexpert:{hospitals[1]}", "--name", "new")
    assert code == 0, err
    assert "Points lost abroad" in out

    code, out, err = typed("export", "new", "--to", str(tmp_path / "copy"), "--with-images")
    assert code == 0, err
    assert (tmp_path / "copy" / "new" / "results.duckdb").exists()

    code, _, err = typed("export", "new", "--to", str(tmp_path / "copy"))
    assert code == 2
    assert "exists already" in err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("run", "--source", "nowhere:x", "--external", "chexpert:x"), "NAME:DIR"),
        (("paper", "--source", "no-such-folder", "--external", "no-such-folder"), "no-such-folder"),
        (("evaluate", "--run", "never", "--external", "chexpert:x"), "never"),
        (("export", "never", "--to", "copy"), "never"),
        (("paper", "--source", "x", "--external", "y", "--held-out", "2"), "--held-out"),
    ],
)
def test_what_cannot_work_is_said_in_a_paragraph_without_a_traceback(typed, words, expected):
    code, _, err = typed(*words)

    assert code == 2
    assert expected in err
    assert "Traceback" not in err


def test_an_empty_folder_is_said_to_be_empty(typed, tmp_path, hospitals):
    (tmp_path / "empty").mkdir()

    code, _, err = typed("paper", "--source", str(tmp_path / "empty"), "--external", str(hospitals[1]))

    assert code == 2
    assert "train.csv" in err


def test_a_missing_column_is_named_with_its_file(typed, tmp_path, hospitals):
    broken = tmp_path / "broken"
    shutil.copytree(hospitals[0], broken)
    table = (broken / "train.csv").read_text().replace("rad_id", "reader")
    (broken / "train.csv").write_text(table)

    code, _, err = typed("paper", "--source", str(broken), "--external", str(hospitals[1]), *SMALL)

    assert code == 2
    assert "rad_id" in err
    assert "train.csv" in err


def test_bad_files_are_set_aside_and_counted(typed, tmp_path, hospitals):
    broken = tmp_path / "broken"
    shutil.copytree(hospitals[1], broken / "CheXpert-v1.0-small")
    files = sorted((broken / "CheXpert-v1.0-small" / "train").rglob("*frontal.jpg"))
    files[0].write_text("this is text")
    files[1].write_bytes(files[1].read_bytes()[:200])
    files[2].unlink()

    code, out, err = typed("paper", "--source", str(hospitals[0]), "--external", str(broken), "--name", "bad", *SMALL)

    assert code == 0, err
    assert out.count("set aside") == 3


def test_a_settings_error_in_the_middle_names_what_there_is(typed, hospitals):
    code, _, err = typed(
        "paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--training-policy", "loudest", *SMALL
    )

    assert code == 2
    assert "loudest" in err
    assert "majority" in err


def test_the_source_cannot_be_its_own_external_site(typed, hospitals):
    code, _, err = typed("paper", "--source", str(hospitals[0]), "--external", f"vinbigdata:{hospitals[0]}", *SMALL)

    assert code == 2
    assert "named twice" in err
