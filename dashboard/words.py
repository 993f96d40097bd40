"""Names as a reader says them, for what is stored in snake case, and plain text out of other people's files."""

import re

_DATASETS = {
    "vinbigdata": "VinBigData",
    "vinbigdata_test": "VinBigData official test",
    "chexpert_train": "CheXpert train",
    "chexpert_valid": "CheXpert valid",
    "chexpert_test": "CheXpert test",
}

_POLICIES = {
    "any_reader": "any reader",
    "majority": "majority of readers",
    "unanimous": "all readers",
    "dominant": "most readers",
    "consensus": "consensus of readers",
    "u_zeros": "uncertain is negative",
    "u_ones": "uncertain is positive",
    "u_ignore": "uncertain left out",
    "explicit": "explicit labels only",
}

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def dataset(name: str) -> str:
    """A dataset's name; a table's own name stays as it is."""
    return _DATASETS.get(name, name)


def policy(name: str) -> str:
    """A label policy in two or three words."""
    return _POLICIES.get(name, name.replace("_", " "))


def model(model_id: str) -> str:
    """``split, ensemble`` for the ensemble ``split``."""
    return f"{model_id}, ensemble"


def plain(text: str) -> str:
    """Text from a file, written so that Markdown shows it and does nothing with it.

    A results file can come from a stranger: a dataset called ``![](http://...)`` must not make the browser ask for it.
    """
    return _PUNCTUATION.sub(r"\\\1", text)
