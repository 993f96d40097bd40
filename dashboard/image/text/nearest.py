"""Images like this one, in words."""

from collections.abc import Sequence

from dashboard import words
from dashboard.image.data.near_findings import NearFindings
from dashboard.image.data.nearest import Near
from dashboard.image.data.record import Sibling
from dashboard.image.text.labels import listed
from dashboard.notation import probability
from dashboard.results.side import Side
from dashboard.words import plain

SHEET_TITLE = "Nearest images in the model's features: true class and cosine similarity; ✓ answered right, ✕ wrong"
"""What a picture of them says where no page is around it."""


SHEET_TITLE_OF_FINDINGS = "Nearest images in the model's features: cosine similarity and what is present"
"""The same of findings."""

_NAMED = 2


def sheet_heading(side: Side, *, site: str) -> str:
    """``● internal test: VinBigData (synthetic)``, above the images of a site in a picture of them, plain text."""
    return f"{side.mark} {side.test}: {site}"


def nearest_heading(side: Side, *, finding: str) -> str:
    """What a row of nearest images holds."""
    if side is Side.INTERNAL:
        return f":blue[●] **Nearest internal images** :gray[of {plain(finding)} that it got right; cosine similarity]"
    return ":orange[◆] **Nearest external images** :gray[of the whole test; their true class, cosine similarity]"


def findings_heading(side: Side) -> str:
    """What a row of nearest images of a model of findings holds."""
    mark = ":blue[●]" if side is Side.INTERNAL else ":orange[◆]"
    return f"{mark} **Nearest {side} images** :gray[of the whole test; cosine similarity, what is present]"


def present_in_short(near: NearFindings) -> str:
    """A line a finding that is present, of more than two the others counted; plain text."""
    if not near.present:
        return "none present" if near.is_known else "not known"
    more = len(near.present) - _NAMED
    return "\n".join((*near.present[:_NAMED], *([f"{more} more"] if more > 0 else [])))


def near_findings_described(near: NearFindings) -> str:
    """A near image of a model of findings for those who do not see it, plain text."""
    present = words.listed(near.present) if near.present else present_in_short(near)
    patient = ", of the same patient" if near.same_patient else ""
    return f"Present: {present}; similarity {near.cosine:.2f}{patient}"


def none_near(side: Side, *, finding: str, site: str | None, is_trained_on: bool) -> str:
    """Why there is no nearest image.

    Args:
        side: Of which test.
        finding: The class that is looked for in the internal test.
        site: The external site; None if the run has none.
        is_trained_on: Whether the model was trained on all internal images, so that it has no internal test.
    """
    if side is Side.INTERNAL and is_trained_on:
        return "This model was trained on all internal images: it has no internal test."
    if side is Side.INTERNAL:
        return f"The internal test holds no other image of {plain(finding)} that this model got right."
    return "This run has no external test." if site is None else "The external test holds no other image."


def near_described(neighbour: Near) -> str:
    """A near image for those who do not see it, plain text."""
    taken = "recognized" if neighbour.is_right else f"taken for {neighbour.predicted}"
    patient = ", of the same patient" if neighbour.same_patient else ""
    share = probability(neighbour.confidence)
    return f"{neighbour.true}, {taken} with {share}; similarity {neighbour.cosine:.2f}{patient}"


def same_patient(neighbours: Sequence[Near | NearFindings]) -> str:
    """Which of the nearest images are of the patient of the image itself; empty for none."""
    places = [str(place) for place, neighbour in enumerate(neighbours, start=1) if neighbour.same_patient]
    return f"Of the same patient: image {listed(places)}." if places else ""


def drawn_by_seed(compared: int | None) -> str:
    """That not all images of a large test were compared; empty where they were."""
    return "" if compared is None else f"Sought among {compared:,} images of this test, drawn at random."


def sibling_described(each: Sibling) -> str:
    """Another image of the patient for those who do not see it, plain text."""
    role = "training image" if each.role == "train" else words.role(each.role or "")
    return f"{role}, {words.view(each.view)}, {each.predicted} predicted with {probability(each.confidence)}"


def sibling_caption(each: Sibling) -> str:
    """What stands behind the answer under another image of the patient, plain text."""
    share = probability(each.confidence)
    if each.role == "train":
        return f"{share} training image"
    return f"{share} no single class" if each.true is None else share
