"""Contamination: whether a model that was trained elsewhere may have been trained on the images that it is tested on.

Public data sets hold each other's films: RSNA's pneumonia challenge and SIIM's pneumothorax challenge are films of
NIH's ChestX-ray14, CheXlocalize and CheXpert Plus are CheXpert's, CXR-LT is MIMIC-CXR's.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_CONTAINED_IN: Mapping[str, str] = MappingProxyType(
    {
        "rsna": "nih",
        "siim": "nih",
        "chexlocalize": "chexpert",
        "chexpertplus": "chexpert",
        "cxrlt": "mimic",
    }
)
_OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "chestxray14": "nih",
        "chestxray8": "nih",
        "nihchestxray14": "nih",
        "nihcxr14": "nih",
        "rsnapneumonia": "rsna",
        "siimacr": "siim",
        "siimacrpneumothorax": "siim",
        "mimiccxr": "mimic",
        "mimiccxrjpg": "mimic",
        "vindrcxr": "vinbigdata",
        "vindr": "vinbigdata",
    }
)
_PARTS = re.compile(r"(?:_| )(?:train|valid|val|test)(?:_labels|_predictions)?$")


def data_set(name: str) -> str:
    """What a data set is called here, by any of its usual names; a part of it (``_train``, ``_test``) is the data set.

    >>> data_set("ChestX-ray14"), data_set("chexpert_valid"), data_set("our own")
    ('nih', 'chexpert', 'ourown')
    """
    plain = "".join(letter for letter in _PARTS.sub("", name.strip().casefold()) if letter.isalnum())
    return _OTHER_NAMES.get(plain, plain)


def shared_with(name: str, *, trained_on: Iterable[str]) -> str | None:
    """The one of some data sets that is the named one, holds it or is part of it, as it was typed; None if none is.

    Args:
        name: What is tested on.
        trained_on: What the model is said to be trained on.

    >>> shared_with("rsna", trained_on=["ChestX-ray14"]), shared_with("rsna", trained_on=["chexpert"])
    ('ChestX-ray14', None)
    """
    own = {data_set(name), _CONTAINED_IN.get(data_set(name))} - {None}
    for typed in trained_on:
        other = data_set(typed)
        if other in own or data_set(name) == _CONTAINED_IN.get(other):
            return typed
    return None
