"""What a user types, and what is said when it cannot work."""

import shutil

import pandas as pd
import pytest

from cxr_core.cli.main import main


@pytest.fixture
def typed(tmp_path, cache, capsys):
    """Types a command; gives the exit code, and everything that was said."""

    def type_(*words):
        place = ["--results", str(tmp_path / "results"), "--cache", str(cache)]
        machine = [] if words[0] == "export" else ["--workers", "1", "--device", "cpu"]
        code = main([*words, *place, *machine])
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_


UNTRAINED = ("--weights", "none")
SMALL_OF_ANY_WEIGHTS = (
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
SMALL = (*UNTRAINED, *SMALL_OF_ANY_WEIGHTS)


def test_alone_it_says_what_it_can_do_and_how_to_start(capsys):
    with pytest.raises(SystemExit) as stopped:
        main([])

    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert said.count("python ") >= 3
    for command in ("paper", "run", "evaluate", "export"):
        assert command in said


def test_help_names_every_setting(capsys):
    with pytest.raises(SystemExit):
        main(["paper", "--help"])

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
    assert "Points lost, internal minus external test" in out
    assert "streamlit run dashboard/app.py" in out


def test_an_old_run_is_scored_on_another_site_and_handed_on(typed, hospitals, tmp_path):
    typed("paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "old", *SMALL)

    code, out, err = typed("evaluate", "--run", "old", "--external", f"chexpert:{hospitals[1]}", "--name", "new")
    assert code == 0, err
    assert "Points lost, internal minus external test" in out

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


def test_an_attribute_that_no_table_has_is_an_error_before_any_image_is_read(typed, tmp_path, hospitals):
    rows = ["image,No Finding,Cardiomegaly,Nodule/Mass,Lung Opacity,Pleural Effusion,Consolidation,ward"]
    for i in range(6):
        (tmp_path / f"{i}.png").touch()
        rows.append(f"{i}.png,{','.join(str(int(k == i)) for k in range(6))},{'ABC'[i % 2]}")
    (tmp_path / "mine.csv").write_text("\n".join(rows))
    sites = ("--source", f"vinbigdata:{hospitals[0]}", "--external", f"table:{tmp_path / 'mine.csv'}")

    code, out, err = typed("run", *sites, "--attribute", "wrad", *SMALL)
    assert code == 2
    assert "--attribute wrad: no table has such a column" in err
    assert "Columns that were not taken: ward. --attribute NAME takes one" in out
    assert "Bringing the images" not in out

    code, out, err = typed("run", *sites, "--attribute", "Ward", *SMALL)
    assert "Columns that were not taken" not in out
    assert "Bringing the images" in out


def test_bad_files_are_set_aside_and_counted(typed, tmp_path, hospitals):
    broken = tmp_path / "broken"
    shutil.copytree(hospitals[1], broken / "CheXpert-v1.0-small")
    files = sorted((broken / "CheXpert-v1.0-small" / "train").rglob("*frontal.jpg"))
    files[0].write_text("this is text")
    files[1].write_bytes(files[1].read_bytes()[:200])
    files[2].unlink()

    code, out, err = typed("paper", "--source", str(hospitals[0]), "--external", str(broken), "--name", "bad", *SMALL)

    assert code == 0, err
    assert "chexpert_train: 3 of 61 files set aside, each named in " in out
    listed = pd.read_csv(tmp_path / "results" / "bad" / "set_aside.csv")
    assert listed["dataset"].unique().tolist() == ["chexpert_train"]
    assert sorted(listed["file"]) == sorted(str(file.relative_to(files[0].parents[3])) for file in files[:3])
    assert all(f"1: {reason}" in out for reason in listed["reason"])


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


def test_a_complete_run_says_that_nothing_was_computed(typed, hospitals):
    words = ("paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "twice", *SMALL)
    assert "nothing was computed" not in typed(*words)[1]

    code, out, _ = typed(*words)

    assert code == 0
    assert "nothing was computed" in out


def test_what_cannot_be_trained_is_said_before_any_image_is_read(typed, hospitals, tmp_path):
    for setting in (("--training-policy", "loudest", *UNTRAINED), ("--weights", "no-such-file")):
        place = ("--name", f"early{setting[0]}")
        code, out, err = typed(
            "paper",
            "--source",
            str(hospitals[0]),
            "--external",
            str(hospitals[1]),
            *SMALL_OF_ANY_WEIGHTS,
            *place,
            *setting,
        )

        assert code == 2, setting
        assert setting[1] in err
        assert "Bringing the images" not in out
        assert not (tmp_path / "results" / place[1] / "run.json").exists()


def test_a_test_set_is_never_trained_on(typed, hospitals, tmp_path):
    only = tmp_path / "only" / "CheXpert-v1.0-small"
    shutil.copytree(hospitals[1], only)
    (only / "train").rename(only / "valid")
    table = (only / "train.csv").read_text().replace("/train/", "/valid/")
    (only / "train.csv").unlink()
    (only / "valid.csv").write_text(table)

    code, _, err = typed("run", "--source", f"chexpert:{only}", "--external", f"vinbigdata:{hospitals[0]}", *SMALL)

    assert code == 2
    assert "chexpert_valid is a test set" in err


def test_weights_of_one_name_and_other_content_are_another_run(typed, hospitals, tmp_path):
    words = ("paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "one", *SMALL)
    typed(*words)
    for number in (0, 1):
        (tmp_path / str(number)).mkdir()
        kept = tmp_path / "results" / "one" / "members" / f"{('full', 'split')[number]}-0.safetensors"
        shutil.copy(kept, tmp_path / str(number) / "start.safetensors")

    first, second = (
        typed("paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "two",
              *SMALL_OF_ANY_WEIGHTS, "--weights", str(tmp_path / str(number) / "start.safetensors"))
        for number in (0, 1)
    )  # fmt: skip

    assert first[0] == 0, first[2]
    assert second[0] == 2
    assert "other settings" in second[2]


def test_which_entry_of_a_checkpoint_a_run_started_from_is_kept_with_its_numbers(typed, hospitals, tmp_path):
    import duckdb
    import torch

    from cxr_core.network import build
    from cxr_core.settings import Network

    plain = build(
        Network(architecture="small", weights="none", size_px=32),
        n_classes=6,
        generator_seed=0,
        weights_folder=tmp_path,
    )
    torch.save({"epoch": 3, "state_dict": plain.state_dict()}, tmp_path / "old.pth")

    code, _, err = typed("paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "from-old",
                         *SMALL_OF_ANY_WEIGHTS, "--weights", str(tmp_path / "old.pth"))  # fmt: skip

    assert code == 0, err
    with duckdb.connect(str(tmp_path / "results" / "from-old" / "results.duckdb"), read_only=True) as connection:
        ((notes,),) = connection.execute("SELECT notes FROM run").fetchall()
    assert "old.pth is a checkpoint: the networks start from its entry 'state_dict'." in notes


def test_the_paper_is_about_the_external_training_set(typed, hospitals, tmp_path):
    both = tmp_path / "both" / "CheXpert-v1.0-small"
    shutil.copytree(hospitals[1], both)
    shutil.copytree(both / "train", both / "valid")
    (both / "valid.csv").write_text((both / "train.csv").read_text().replace("/train/", "/valid/"))

    _, out, _ = typed("paper", "--source", str(hospitals[0]), "--external", str(both), *SMALL)
    assert "chexpert_train" in out
    assert "chexpert_valid" not in out
