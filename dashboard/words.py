"""Names as a reader says them, for what is stored in snake case, and plain text out of other people's files."""

import html
import re
from collections.abc import Sequence

from cxr_core import program

NO_FINDING = "No Finding"
"""The class of images without any other; a run need not have it."""

_DATASETS = {
    "vinbigdata": "VinBigData",
    "vinbigdata_test": "VinBigData official test",
    "chexpert_train": "CheXpert train",
    "chexpert_valid": "CheXpert valid",
    "chexpert_test": "CheXpert test",
}

_POLICIES = {
    "any_reader": "any reader",
    "majority": "over half of readers",
    "unanimous": "all readers",
    "dominant": "most-marked class",
    "consensus": "consensus of readers",
    "u_zeros": "uncertain is negative",
    "u_ones": "uncertain is positive",
    "u_ignore": "uncertain left out",
    "explicit": "explicit labels only",
}

_VIEWS = {"PA": "frontal PA", "AP": "frontal AP", "frontal": "frontal", "lateral": "lateral"}

_SEXES = {"F": "woman", "M": "man"}

_ROLES = {
    "train": "training images",
    "validation": "validation images",
    "internal_test": "internal test",
    "external_test": "external test",
    "external_adapted": "adapted to the external site",
    "unused": "not used",
}

_NOT_RECORDED = "not recorded"

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

_JOINER = "\u2060"
"""Nothing to see: it parts what would be taken for a link, an icon or an arrow even where the marks are escaped."""

# What Streamlit looks for in text that Markdown is done with: links, addresses, :icons:, arrows.
_TAKEN_FOR_MORE = re.compile(
    r"(?<=:)(?=//|material/|[\w+-]+:)|(?<=@)(?=[\w-])|(?<=www)(?=\.)|(?:^|(?<=\s))[<>=~-](?=[<>=~-]{1,2}(?:\s|$))",
    re.IGNORECASE,
)

_NO_PART_OF_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_STEM = 120

# Control characters, line ends, and marks that turn the direction of what follows.
_NO_TEXT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def command(typed: str) -> str:
    """A command of the program, as it is begun here: ``python train.py demo``."""
    return program.command(typed)


def make_again() -> str:
    """What to do about a run that lacks something."""
    return f"Make the run again with {program.name()}."


def dataset(name: str, *, synthetic: bool) -> str:
    """A dataset's name, a table's own as it is; ``VinBigData (synthetic)`` where a computer drew the images.

    Args:
        name: As stored.
        synthetic: Whether the run says so of it.
    """
    known = _DATASETS.get(name, name)
    return f"{known} (synthetic)" if synthetic else known


def policy(name: str) -> str:
    """A label policy in two or three words."""
    return _POLICIES.get(name, name.replace("_", " "))


def model(model_id: str) -> str:
    """``split, ensemble`` for the ensemble ``split``."""
    return f"{model_id}, ensemble"


def role(name: str) -> str:
    """A role of predictions."""
    return _ROLES.get(name, name.replace("_", " "))


def view(code: str | None) -> str:
    """``frontal AP``."""
    return _NOT_RECORDED if code is None else _VIEWS.get(code, code)


def sex(code: str | None) -> str:
    """``woman`` or ``man``."""
    return _NOT_RECORDED if code is None else _SEXES.get(code, code)


def age(years: float | None) -> str:
    """``67 years``."""
    return "age not recorded" if years is None else f"{years:.0f} years"


def stratum(name: str, *, everything: str = "all images") -> str:
    """A group of images: ``60 to 79 years`` for ``age=60-79``, ``women`` for ``sex=F``; ``all images`` for ``all``.

    One by an attribute is as the file has it: ``manufacturer Agfa``.

    Args:
        name: As stored.
        everything: What stands for all of them.
    """
    kind, _, value = name.partition("=")
    if kind == "view":
        return view(value)
    if kind == "sex":
        return {"F": "women", "M": "men"}.get(value, value)
    if kind == "age":
        return f"{value.replace('-', ' to ')} years" if "-" in value else f"{value.removesuffix('+')} years and older"
    return everything if name == "all" else f"{kind} {value}" if value else name


def one_line(text: str) -> str:
    """Text from a file on one line, with nothing in it that turns or ends the line; for what shows no Markdown."""
    return _NO_TEXT.sub(" ", text)


def plain(text: str) -> str:
    """Text from a file, written so that Markdown shows it and does nothing with it, on one line.

    A results file can come from a stranger: a dataset called ``![](http://...)`` must not make the browser ask for it,
    and one called ``www.example.org`` is no link.
    """
    return _PUNCTUATION.sub(r"\\\1", _TAKEN_FOR_MORE.sub(rf"\g<0>{_JOINER}", _NO_TEXT.sub(" ", text)))


def file_stem(*parts: str) -> str:
    """``demo_performance_classes_recall``: the name of a file, of letters that every system takes; no empty parts."""
    return _NO_PART_OF_A_NAME.sub("-", "_".join(filter(None, parts))).strip("-")[:_LONGEST_STEM]


def in_picture(text: str) -> str:
    """Text from a file, written so that Plotly shows it as it is: no HTML, no formula, no ``%{...}``."""
    return html.escape(_NO_TEXT.sub(" ", text), quote=False).replace("%", "&#37;").replace("$", "&#36;")


def listed(parts: Sequence[str]) -> str:
    """``recall, F1 and average precision``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
