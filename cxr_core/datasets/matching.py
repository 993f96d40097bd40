"""Matching of a dataset's own names with a run's classes: how well each means a class, and why not better."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cxr_core import findings
from cxr_core.errors import SettingsError
from cxr_core.manifest import Grade, Manifest, NameMatch

Judged = tuple[Grade, str]
"""A grade, and its reason in one sentence."""

OWN_NAME: Judged = ("exact", "It has the class's own name.")
OTHER_NAME: Judged = ("close", "It is another name of the class.")

_RELATED: Mapping[tuple[str, str], Judged] = MappingProxyType(
    {
        ("Nodule", "Nodule/Mass"): ("weak", "The class holds masses too, which this name does not."),
        ("Mass", "Nodule/Mass"): ("weak", "The class holds nodules too, which this name does not."),
        ("Lung Lesion", "Nodule/Mass"): ("weak", "Any focal lesion counts here, cavities and cysts too."),
        ("Nodule/Mass", "Nodule"): ("weak", "Masses count here too."),
        ("Nodule/Mass", "Mass"): ("weak", "Nodules count here too."),
        ("Nodule/Mass", "Lung Lesion"): ("weak", "Lesions that are neither a nodule nor a mass do not count here."),
        ("Nodule", "Lung Lesion"): ("weak", "Lesions other than nodules do not count here."),
        ("Mass", "Lung Lesion"): ("weak", "Lesions other than masses do not count here."),
        ("Rib Fracture", "Fracture"): ("weak", "Fractures of other bones do not count here."),
        ("Clavicle Fracture", "Fracture"): ("weak", "Fractures of other bones do not count here."),
    }
)
"""From a name and a class to how well the one stands for the other, where the class has no name of its own."""


def match(
    own: Sequence[str],
    *,
    classes: Sequence[str],
    judged: Mapping[tuple[str, str], Judged] = MappingProxyType({}),
    own_name: Judged = OWN_NAME,
) -> tuple[NameMatch, ...]:
    """The names of a dataset that mean one of a run's classes, in the order of the classes.

    A class has the names that are its own or another of its names; only where there is none, those of a related
    finding. A class without any is unknown in the dataset.

    Args:
        own: Every name that the dataset labels.
        classes: What the run's classes are called.
        judged: What is known of a name of this very dataset and a class, which goes before everything else.
        own_name: What is said of a name that is the class's own.
    """
    found = []
    for index, name in enumerate(classes):
        known = {each: judged[each, name] for each in own if (each, name) in judged}
        known = known or {each: _of_names(each, name, own_name) for each in own if findings.same(each, name)}
        known = known or {
            each: _RELATED[key] for each in own if (key := (findings.canonical(each) or "", name)) in _RELATED
        }
        found += [
            NameMatch(finding=each, class_index=index, grade=grade, reason=reason)
            for each, (grade, reason) in known.items()
        ]
    return _each_once(found)


def unmatched(names: Sequence[NameMatch], *, classes: Sequence[str]) -> tuple[str, ...]:
    """The classes that none of a dataset's names means."""
    matched = {each.class_index for each in names}
    return tuple(name for index, name in enumerate(classes) if index not in matched)


def unmatched_note(names: Sequence[NameMatch], *, classes: Sequence[str]) -> tuple[str, ...]:
    """What a user must know of classes that a dataset does not label, if there are any, in one sentence."""
    missing = unmatched(names, classes=classes)
    if not missing:
        return ()
    return (f"Not labelled here: {', '.join(missing)}. There it is unknown, never absent, and has no number.",)


def check_known(manifests: Sequence[Manifest], *, classes: Sequence[str]) -> None:
    """Refuses a class that no dataset labels: one that is misspelt must not be missing in silence.

    Args:
        manifests: Every dataset of a run, read for these classes.
        classes: What the run's classes are called.

    Raises:
        SettingsError: If there is one. The message lists what each dataset labels.
    """
    for index, name in enumerate(classes):
        if not any(each.class_index == index for manifest in manifests for each in manifest.names):
            labelled = "; ".join(
                f"{manifest.dataset} labels {', '.join(map(str, manifest.labels['finding'].cat.categories))}"
                for manifest in manifests
            )
            raise SettingsError(
                f"--findings {name!r}: no dataset of this run labels it, under this or another of its names. "
                f"{labelled}. Name one of those."
            )


def _canonical(own: str) -> str:
    return findings.canonical(own) or ""


def _of_names(own: str, name: str, own_name: Judged) -> Judged:
    return own_name if findings.spelling(own) == findings.spelling(name) else OTHER_NAME


def _each_once(found: Sequence[NameMatch]) -> tuple[NameMatch, ...]:
    """Without a second meaning of a name: it is that of the class it means best, of two alike the first."""
    rank: dict[Grade, int] = {"exact": 0, "close": 1, "weak": 2}
    best: dict[str, NameMatch] = {}
    for each in found:
        if each.finding not in best or rank[each.grade] < rank[best[each.finding].grade]:
            best[each.finding] = each
    return tuple(each for each in found if best[each.finding] is each)
