"""The list that an image was opened from: where it stands there, who is next, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import state
from dashboard.asked_cases import asked_cases, asked_finding
from dashboard.results import case_list, class_cases, runs, saliency_test, sampled_images
from dashboard.results.case_filter import CaseFilter
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.finding_cases import finding_cases
from dashboard.results.holdings import holdings
from dashboard.results.images import Key
from dashboard.results.maps import DEFAULT_METHOD
from dashboard.results.random_sample import COUNT, random_sample
from dashboard.results.side import Side
from dashboard.text.case_filters import phrases

_ORIGINS = ("cases", "confusion", "labels", "saliency", "image")
"""What an address names as the list of an image; ``image``: other images on the page of one, which are no list."""

_SAID = 3
"""Of the filters that a list was made by; of more the rest are counted."""

_WRONG_EXTERNALLY = CaseFilter(got="wrong")


@dataclass(frozen=True, kw_only=True)
class ListPosition:
    """An image in its list.

    Attributes:
        label: What the list holds, plain text.
        position: Of the image, from 1.
        total: Length of the list.
        previous: The image before it; None for the first.
        next: The image after it; None for the last.
        page: The page that shows the list.
        keys: What that page is told of it.
    """

    label: str
    position: int
    total: int
    previous: Key | None
    next: Key | None
    page: str
    keys: Mapping[str, str | None]


def list_position(comparison: Comparison, here: Key) -> ListPosition | None:
    """The list that the address names, around an image; None if the image is not in it.

    An address that names no list stands for what the model got wrong in the test that the image is in; for one that it
    got right, for that whole test.
    """
    origin = state.choose("from", "the list", _ORIGINS, default="image")
    if origin in {"labels", "saliency"}:
        return _drawn(comparison, here, origin=origin)
    if origin in {"confusion", "cases"}:
        found = asked_cases(comparison)
        return None if found is None else _listed(comparison, here, found.wanted, page=origin)
    side = _side(comparison, here)
    finding = asked_finding(comparison)
    wrong = _listed(comparison, here, CaseFilter(at=side, got="wrong", finding=finding), page="cases")
    whole = CaseFilter(at=side, sort="most_confident" if finding is None else "confidently_wrong", finding=finding)
    return wrong or _listed(comparison, here, whole, page="cases")


def default_image(comparison: Comparison) -> Key | None:
    """The image to show when none is asked for: of the external ones, the most confidently wrong."""
    finding = asked_finding(comparison)
    if finding is not None:
        return _of_finding(comparison, finding)
    test = comparison.test(Side.EXTERNAL)
    found = class_cases.cases(comparison.run, test, _WRONG_EXTERNALLY, offset=0, limit=1) if test else ()
    return found[0].key if found else None


def _of_finding(comparison: Comparison, finding: str) -> Key | None:
    """Of a finding, the case to begin with; internal where the run has no external test of it."""
    for side in (Side.EXTERNAL, Side.INTERNAL):
        test = comparison.test(side)
        wanted = CaseFilter(at=side, finding=finding)
        found = finding_cases(comparison.run, test, wanted, offset=0, limit=1) if test else ()
        if found:
            return found[0].key
    return None


def _listed(comparison: Comparison, here: Key, wanted: CaseFilter, *, page: str) -> ListPosition | None:
    test = comparison.test(wanted.at)
    found = (
        case_list.neighbours(comparison.run, test, wanted, image=here[1]) if test and test.dataset == here[0] else None
    )
    if found is None:
        return None
    # The part of the list that the image is in, which need not be the one that the walk began in.
    part = (found.position - 1) // case_list.PER_PAGE + 1 if page == "cases" else 1
    return ListPosition(
        label=_said(wanted),
        position=found.position,
        total=found.total,
        previous=found.previous,
        next=found.next,
        page=page,
        keys={**wanted.address(), "part": str(part) if part > 1 else None, "show": state.asked("show")},
    )


def _drawn(comparison: Comparison, here: Key, *, origin: str) -> ListPosition | None:
    classes = runs.classes(comparison.run)
    offered = classes if origin == "labels" else runs.located(comparison.run) or classes
    finding = state.choose("finding", "the class", offered, default=offered[0])
    test = comparison.test(_side(comparison, here))
    keys = _drawn_keys(comparison, test, origin=origin, finding=finding) if test else ()
    if here not in keys:
        return None
    i = keys.index(here)
    return ListPosition(
        label=f"{finding}, {_side(comparison, here)}, drawn at random",
        position=i + 1,
        total=len(keys),
        previous=keys[i - 1] if i else None,
        next=keys[i + 1] if i + 1 < len(keys) else None,
        page=origin,
        keys={
            "finding": state.asked("finding"),
            "draw": state.asked("draw"),
            **({"part": "images"} if origin == "labels" else _as_asked("method", "outcome")),
        },
    )


def _as_asked(*keys: str) -> dict[str, str | None]:
    return {key: state.asked(key) for key in keys}


def _drawn_keys(comparison: Comparison, test: TestSet, *, origin: str, finding: str) -> Sequence[Key]:
    seed = state.seed()
    if origin == "labels":
        has_findings = holdings(comparison).has_findings
        return random_sample(
            comparison.run, test=test, finding=finding, seed=seed, count=COUNT, has_findings=has_findings
        )
    method = _asked_method(comparison)
    return [
        image.key
        for image in sampled_images.sampled_images(comparison.run, test=test, finding=finding, seed=seed, method=method)
    ]


def _side(comparison: Comparison, here: Key) -> Side:
    return Side.EXTERNAL if here[0] == comparison.external_dataset else Side.INTERNAL


def _asked_method(comparison: Comparison) -> str:
    seen = [saliency_test.saliency_test(comparison.run, test) for test in comparison.tests.values()]
    known = {method for test in seen if test for method in saliency_test.methods(comparison.run, test)}
    return state.choose("method", "the saliency method", known, default=DEFAULT_METHOD)


def _said(wanted: CaseFilter) -> str:
    """``wrong, external``."""
    told = phrases(wanted, wrong="wrong", right="right") or ["all"]
    more = [f"{len(told) - _SAID} more filters"] if len(told) > _SAID + 1 else told[_SAID:]
    return ", ".join([*told[:_SAID], *more, str(wanted.at)])
