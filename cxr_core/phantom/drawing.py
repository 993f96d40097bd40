"""One image of a synthetic patient, and what was drawn on it."""

from dataclasses import dataclass

import numpy as np

from cxr_core.phantom import overlay
from cxr_core.phantom.anatomy.body import Body, draw_body
from cxr_core.phantom.anatomy.mediastinum import heart_outline
from cxr_core.phantom.canvas import FIELD_PX, Layer, Points
from cxr_core.phantom.causes import SyntheticSite
from cxr_core.phantom.devices import draw_devices
from cxr_core.phantom.film import develop
from cxr_core.phantom.findings.consolidation import draw_consolidation
from cxr_core.phantom.findings.effusion import draw_effusions
from cxr_core.phantom.findings.nodule import draw_nodules
from cxr_core.phantom.findings.opacity import draw_opacities
from cxr_core.phantom.findings.rendered import RenderedFinding
from cxr_core.phantom.patient import Patient, draw_patient
from cxr_core.phantom.pose import Pose, draw_pose
from cxr_core.phantom.randomness import stream
from cxr_core.phantom.roster import Visit
from cxr_core.phantom.thorax import expose

CARDIOMEGALY = 1
_DRAW = {2: draw_nodules, 3: draw_opacities, 4: draw_effusions, 5: draw_consolidation}


@dataclass(frozen=True, kw_only=True)
class PixelBox:
    """Where a part of a finding is drawn: pixels from the upper left corner of the image, whole, within the image."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding that is drawn.

    Attributes:
        class_index: 1-5.
        visibility: From hardly to be seen (0) to plain (1).
        boxes: Of its parts.
    """

    class_index: int
    visibility: float
    boxes: tuple[PixelBox, ...]


@dataclass(frozen=True, kw_only=True)
class Image:
    """One image.

    Attributes:
        gray: Shape ``(FIELD_PX, FIELD_PX)``, 0 (black) to 1 (white).
        patient: Whose.
        pose: In which.
        findings: What is drawn; empty for No Finding.
        devices: The names of the devices that are drawn.
        word: Whether the marker's word is burned in.
    """

    gray: Layer
    patient: Patient
    pose: Pose
    findings: tuple[Finding, ...]
    devices: tuple[str, ...]
    word: bool


def draw(seed: int, visit: Visit, *, site: SyntheticSite) -> Image:
    """Draws one image: the same arguments give the same image.

    Args:
        seed: The site's seed.
        visit: Which image of which patient, and what is on it.
        site: Where it is taken.
    """
    place = (visit.patient, visit.image)
    patient = draw_patient(seed, visit.patient, site=site.patients)
    pose = draw_pose(seed, *place, site=site.view)
    visibilities = {number: _visibility(seed, visit.patient, number) for number in visit.findings if number}
    share = _heart_share(seed, visit.patient, visibilities.get(CARDIOMEGALY))
    thorax = expose(patient, pose, heart_share=share)
    body = draw_body(seed, thorax)
    drawn = {number: _draw(seed, body, number, visibility) for number, visibility in visibilities.items()}
    attenuation = _added(body, drawn)
    chance = site.devices.in_disease if visibilities else site.devices.in_health
    devices, names = draw_devices(seed, thorax, chance=chance)
    plain = pose.image(attenuation)
    gray = develop(
        plain if devices is None else pose.image(attenuation + devices),
        without_devices=plain,
        thickness=pose.image(body.thickness),
        site=site,
        draws=stream(seed, *place, purpose="film"),
    )
    word = _has_word(seed, visit, site=site)
    return Image(
        gray=_framed(seed, visit, gray, site=site, word=word),
        patient=patient,
        pose=pose,
        findings=tuple(
            _finding(number, visibilities[number], rendered, pose=pose) for number, rendered in drawn.items()
        ),
        devices=names,
        word=word,
    )


def _visibility(seed: int, patient: int, number: int) -> float:
    return float(stream(seed, patient, number, purpose="visibility").random())


def _heart_share(seed: int, patient: int, visibility: float | None) -> float | None:
    """Of an enlarged heart: it overlaps with what is usual."""
    if visibility is None:
        return None
    return float(0.505 + 0.085 * visibility + stream(seed, patient, purpose="heart").normal(0, 0.02))


def _draw(seed: int, body: Body, number: int, visibility: float) -> RenderedFinding:
    if number == CARDIOMEGALY:
        return RenderedFinding(added=None, outlines=(heart_outline(body.thorax),))
    draws = stream(seed, body.thorax.patient.number, number, purpose="finding")
    return _DRAW[number](body, visibility=visibility, draws=draws)


def _added(body: Body, drawn: dict[int, RenderedFinding]) -> Layer:
    total = body.attenuation
    for rendered in drawn.values():
        if rendered.added is not None:
            total = total + rendered.added
    return total


def _finding(number: int, visibility: float, rendered: RenderedFinding, *, pose: Pose) -> Finding:
    boxes = (_box(pose.place(outline)) for outline in rendered.outlines)
    return Finding(class_index=number, visibility=visibility, boxes=tuple(box for box in boxes if box is not None))


def _box(points: Points) -> PixelBox | None:
    """Around points; None where they are outside the image."""
    x0, y0 = (int(value) for value in np.clip(np.floor(points.min(axis=0)), 0, FIELD_PX))
    x1, y1 = (int(value) for value in np.clip(np.ceil(points.max(axis=0)), 0, FIELD_PX))
    return PixelBox(x0=x0, y0=y0, x1=x1, y1=y1) if x0 < x1 and y0 < y1 else None


def _has_word(seed: int, visit: Visit, *, site: SyntheticSite) -> bool:
    anyway, shortcut = stream(seed, visit.patient, visit.image, purpose="marker").random(2)
    with_class = CARDIOMEGALY in visit.findings and shortcut < site.marker.with_cardiomegaly
    return bool(anyway < site.marker.anyway or with_class)


def _framed(seed: int, visit: Visit, gray: Layer, *, site: SyntheticSite, word: bool) -> Layer:
    place = (visit.patient, visit.image)
    gray = overlay.collimate(gray, draws=stream(seed, *place, purpose="collimator"))
    gray = overlay.letter(gray, draws=stream(seed, *place, purpose="letter"))
    if word:
        gray = overlay.word(gray, draws=stream(seed, *place, purpose="word"))
    return overlay.compress(gray, loss=site.compression)
