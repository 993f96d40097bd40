"""Nothing that was typed is lost: every form of several values is read, and one value is given once."""

import pytest

from cxr_core.cli import commands
from cxr_core.cli.flags import gather_flags
from cxr_core.cli.main import main
from cxr_core.errors import SettingsError

EXTERNAL = {
    "behind one flag": ("--external", "table:A", "table:B"),
    "the flag repeated": ("--external", "table:A", "--external", "table:B"),
    "with an equals sign": ("--external=table:A", "--external=table:B"),
    "mixed": ("--external=table:A", "--seed", "3", "--external", "table:B"),
    "one flag spelt in two ways": ("--external", "table:A", "--weights", "none", "--external=table:B"),
}


@pytest.fixture
def met(monkeypatch, capsys):
    """Carries out a command up to its work; gives the exit code, what it was given, and what was said."""

    def meet(*words):
        given = []
        monkeypatch.setattr(commands, "_run", lambda *found, **_: given.extend(found))
        monkeypatch.setattr(commands, "complete_run", lambda run, **_: given.append(run))
        monkeypatch.setattr(commands, "read_datasets", lambda specs, **_: given.append(specs))
        try:
            code = main(list(words))
        except SystemExit as stopped:
            code = stopped.code
        return code, given, capsys.readouterr().err

    return meet


@pytest.mark.parametrize("command", ["run", "paper"])
@pytest.mark.parametrize("words", EXTERNAL.values(), ids=EXTERNAL)
def test_every_site_that_was_typed_takes_part(met, command, words):
    code, (_, source, external), err = met(command, "--source", "table:home.csv", *words)

    assert (code, source, external) == (0, "table:home.csv", ("table:A", "table:B")), err


@pytest.mark.parametrize("words", EXTERNAL.values(), ids=EXTERNAL)
def test_an_old_run_meets_every_site_too(words):
    plain = [word for word in words if word not in ("--seed", "3", "--weights", "none")]
    found = gather_flags(["--run", "old", *plain], command=commands.evaluate)

    assert found == ["--run", "old", "--external", "table:A", "table:B"]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (("--regimes", "full", "--regimes", "split"), lambda settings: settings.regimes),
        (("--regimes=split", "--regimes=full"), lambda settings: settings.regimes),
        (
            ("--saliency-method", "layercam", "--saliency_method", "eigencam"),
            lambda settings: settings.saliency.methods,
        ),
    ],
)
def test_every_setting_that_takes_several_values_takes_them_repeated(met, words, read):
    code, (settings, *_), err = met("run", "--source", "s", "--external", "e", *words)

    assert code == 0, err
    assert read(settings) == tuple(word.partition("=")[2] or word for word in words if word[:2] != "--" or "=" in word)


@pytest.mark.parametrize("command", [commands.run, commands.paper, commands.evaluate])
def test_attributes_may_be_repeated_and_none_given_is_an_error(command):
    twice = ["--attribute", "ward", "--external", "e", "--attribute=kvp"]
    assert gather_flags(twice, command=command) == ["--attribute", "ward", "kvp", "--external", "e"]
    with pytest.raises(SettingsError, match="--attribute expects one value or more, found none"):
        gather_flags(["--attribute", "--external", "e"], command=command)


def test_causes_may_be_repeated_and_none_is_a_choice():
    twice = ["--to", "x", "--cause", "view", "--cause=devices"]
    assert gather_flags(twice, command=commands.phantom) == ["--to", "x", "--cause", "view", "devices"]
    assert gather_flags(["--to", "x", "--cause"], command=commands.phantom) == ["--to", "x", "--cause"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--external",), "--external expects one value or more, found none"),
        (("--external", "--seed", "1"), "--external expects one value or more, found none"),
        (("--external", "e", "--saliency-method"), "--saliency-method expects one value or more, found none"),
        (("--external", "e", "--regimes"), "--regimes takes full, split, or both"),
        (("--external", "e", "--seed", "1", "--seed", "2"), "--seed is given twice"),
        (("--external", "e", "--seed=1", "--seed", "1"), "--seed is given twice"),
        (("--external", "e", "--size-px", "64", "--size_px=32"), "--size-px is given twice"),
        (("--external", "e", "--source", "t"), "--source is given twice"),
        (("--external", "e", "--results", "a", "--results", "b"), "--results is given twice"),
    ],
)
def test_what_is_missing_or_given_twice_is_an_error(met, words, said):
    code, given, err = met("run", "--source", "s", *words)

    assert (code, given) == (2, [])
    assert said in err


def test_what_is_no_flag_of_the_command_is_left_to_the_parser(met):
    words = ["name", "--to", "x", "--unknown", "1", "--unknown", "2", "--", "--to", "y"]
    assert gather_flags(words, command=commands.export) == words
    assert met("nothing", "--seed", "1", "--seed", "2")[0] == 2


def test_one_value_given_twice_is_an_error_in_every_command():
    with pytest.raises(SettingsError, match="--to is given twice"):
        gather_flags(["run", "--to", "a", "--to", "b"], command=commands.export)


def test_yes_and_no_to_one_question_is_an_error():
    with pytest.raises(SettingsError, match="--with-images is given twice"):
        gather_flags(["run", "--to", "a", "--with-images", "--no-with-images"], command=commands.export)
