"""The readings of an image by three readers of a site: they share some errors, and disagree by others."""

from dataclasses import dataclass, replace

import numpy as np

from cxr_core.phantom.canvas import FIELD_PX
from cxr_core.phantom.causes import Labels, SyntheticSite
from cxr_core.phantom.drawing import Finding, PixelBox
from cxr_core.phantom.randomness import stream
from cxr_core.phantom.roster import Visit

READERS = 3
_CONSOLIDATION, _OPACITY, _NODULE = 5, 3, 2
_CLASSES = (1, 2, 3, 4, 5)

_MISSED = {1: 0.05, 2: 0.07, 3: 0.08, 4: 0.05, 5: 0.05}
"""Chance that a single reader of the source site misses a finding of middling visibility."""
_MISNAMED = {1: (4, 0.0), 2: (3, 0.02), 3: (5, 0.04), 4: (3, 0.02), 5: (3, 0.06)}
"""What a single reader of the source site calls it instead, and how often."""
_ADDED = 0.02
_STRAYING = 0.06
"""How far a reader's box strays from what is drawn: standard deviation in shares of its side."""

_USUAL_PLACE = {
    1: (0.36, 0.40, 0.68, 0.70),
    2: (0.28, 0.35, 0.34, 0.41),
    3: (0.62, 0.45, 0.78, 0.60),
    4: (0.14, 0.58, 0.28, 0.72),
    5: (0.20, 0.42, 0.42, 0.56),
}
"""Where something is read into an image that is not there, in shares of the image."""


@dataclass(frozen=True, kw_only=True)
class ReaderMark:
    """One finding as one reader marks it.

    Attributes:
        class_index: 1-5.
        boxes: One or more.
    """

    class_index: int
    boxes: tuple[PixelBox, ...]


Reading = tuple[ReaderMark, ...]
"""What one reader marks; nothing marked is No Finding. No class twice."""


def read(seed: int, visit: Visit, findings: tuple[Finding, ...], *, site: SyntheticSite) -> tuple[Reading, ...]:
    """What each of three readers marks on one image.

    Args:
        seed: The site's seed.
        visit: Which image.
        findings: What is drawn on it.
        site: Whose readers.
    """
    place = (visit.patient, visit.image)
    seen = _shared(findings, labels=site.labels, draws=stream(seed, *place, purpose="shared errors"))
    return tuple(
        _single(seen, disagreement=site.readers.disagreement, draws=stream(seed, *place, reader, purpose="reader"))
        for reader in range(READERS)
    )


def _shared(findings: tuple[Finding, ...], *, labels: Labels, draws: np.random.Generator) -> tuple[Finding, ...]:
    seen: dict[int, Finding] = {}
    invented = _pick(draws, _CLASSES)
    if not findings and draws.random() < labels.misnamed:
        seen[invented] = _imagined(invented, draws)
    for finding in findings:
        missed, misnamed, also = draws.random(3)
        other = _pick(draws, tuple(number for number in _CLASSES if number != finding.class_index))
        if missed < labels.missed:
            continue
        named = replace(finding, class_index=other) if misnamed < labels.misnamed else finding
        seen.setdefault(named.class_index, named)
        if named.class_index in {_NODULE, _CONSOLIDATION} and also < labels.umbrella:
            seen.setdefault(_OPACITY, replace(named, class_index=_OPACITY))
    return tuple(seen.values())


def _single(seen: tuple[Finding, ...], *, disagreement: float, draws: np.random.Generator) -> Reading:
    marks: dict[int, ReaderMark] = {}
    invented = _pick(draws, _CLASSES)
    added = _imagined(invented, draws)
    if draws.random() < _ADDED * disagreement:
        marks[invented] = _reader_mark(added, invented, draws)
    for finding in seen:
        missed, misnamed = draws.random(2)
        other, often = _MISNAMED[finding.class_index]
        name = other if misnamed < often * disagreement else finding.class_index
        mark = _reader_mark(finding, name, draws)
        if missed >= _MISSED[finding.class_index] * disagreement * 2 * (1 - finding.visibility) and mark.boxes:
            marks.setdefault(name, mark)
    return tuple(marks[number] for number in sorted(marks))


def _pick(draws: np.random.Generator, classes: tuple[int, ...]) -> int:
    return classes[int(draws.integers(len(classes)))]


def _imagined(class_index: int, draws: np.random.Generator) -> Finding:
    x0, y0, x1, y1 = np.array(_USUAL_PLACE[class_index]) + np.tile(draws.normal(0, 0.03, 2), 2)
    corners = (np.array([x0, y0, x1, y1]) * FIELD_PX).astype(int)
    box = PixelBox(x0=int(corners[0]), y0=int(corners[1]), x1=int(corners[2]), y1=int(corners[3]))
    return Finding(class_index=class_index, visibility=0.0, boxes=(box,))


def _reader_mark(finding: Finding, class_index: int, draws: np.random.Generator) -> ReaderMark:
    return ReaderMark(class_index=class_index, boxes=tuple(_stray(box, draws) for box in finding.boxes))


def _stray(box: PixelBox, draws: np.random.Generator) -> PixelBox:
    wide, tall = box.x1 - box.x0, box.y1 - box.y0
    moved = np.array([box.x0, box.y0, box.x1, box.y1]) + draws.normal(0, _STRAYING, 4) * [wide, tall, wide, tall]
    x0, y0, x1, y1 = (int(value) for value in np.clip(np.round(moved), 0, FIELD_PX))
    return PixelBox(x0=min(x0, FIELD_PX - 1), y0=min(y0, FIELD_PX - 1), x1=max(x1, x0 + 1), y1=max(y1, y0 + 1))
