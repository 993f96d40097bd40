"""The list that an image was opened from: where it stands there, who is next, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import state
from dashboard.results import case_list, runs, sampled_images
from dashboard.results.case_filter import ATTRIBUTE, CaseFilter
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.images import Key
from dashboard.results.maps import DEFAULT_METHOD
from dashboard.results.random_sample import COUNT, random_sample
from dashboard.results.side import Side

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
    origin = state.asked("from")
    if origin in {"labels", "saliency"}:
        return _drawn(comparison, here, origin=origin)
    if origin in {"confusion", "cases"}:
        wanted = CaseFilter.from_address(
            state.asked, classes=runs.classes(comparison.run), attributes=state.asked_after(ATTRIBUTE)
        )
        return _listed(comparison, here, wanted, page=origin)
    side = _side(comparison, here)
    wrong = _listed(comparison, here, CaseFilter(at=side, got="wrong"), page="cases")
    return wrong or _listed(comparison, here, CaseFilter(at=side, sort="most_confident"), page="cases")


def default_image(comparison: Comparison) -> Key | None:
    """The image to show when none is asked for: of the external ones, the most confidently wrong."""
    test = comparison.test(Side.EXTERNAL)
    found = case_list.cases(comparison.run, test, _WRONG_EXTERNALLY, offset=0, limit=1) if test else ()
    return found[0].key if found else None


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
    asked = state.asked("finding")
    classes = runs.classes(comparison.run)
    offered = classes if origin == "labels" else runs.located(comparison.run) or classes
    finding = asked if asked in classes else offered[0]
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
            "finding": asked,
            "draw": state.asked("draw"),
            **({"part": "images"} if origin == "labels" else _as_asked("method", "outcome")),
        },
    )


def _as_asked(*keys: str) -> dict[str, str | None]:
    return {key: state.asked(key) for key in keys}


def _drawn_keys(comparison: Comparison, test: TestSet, *, origin: str, finding: str) -> Sequence[Key]:
    seed = state.seed()
    if origin == "labels":
        return random_sample(comparison.run, test=test, finding=finding, seed=seed, count=COUNT)
    method = state.asked("method") or DEFAULT_METHOD
    return [
        image.key
        for image in sampled_images.sampled_images(comparison.run, test=test, finding=finding, seed=seed, method=method)
    ]


def _side(comparison: Comparison, here: Key) -> Side:
    return Side.EXTERNAL if here[0] == comparison.external_dataset else Side.INTERNAL


def _said(wanted: CaseFilter) -> str:
    if wanted.true and wanted.predicted:
        said = "right" if wanted.true == wanted.predicted else f"taken for {wanted.predicted}"
        return f"{wanted.true} {said}, {wanted.at.test}"
    if wanted.true or wanted.predicted:
        return f"{wanted.true or f'Taken for {wanted.predicted}'}, {wanted.at.test}"
    got = {"wrong": "Wrong", "right": "Right"}.get(wanted.got or "", "All")
    return f"{got} in the {wanted.at.test}"
