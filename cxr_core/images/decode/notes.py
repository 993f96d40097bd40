"""Notes of what was guessed or passed over in files that were read all the same: counted, and said with the run."""

from collections.abc import Iterable
from typing import Literal

Note = Literal["window", "no_window", "spikes", "view", "machine", "year", "photometric", "shape", "sign", "bare"]

_SAID: dict[Note, str] = {
    "window": "Images whose window did not fit their values: {n}; the whole range was used.",
    "no_window": "Images whose window or rescaling is none (width or slope 0, no number): {n}; they were read as if "
    "there were none.",
    "spikes": "Images without a window and with a few pixels far beyond all others: {n}; the range was taken "
    "without these.",
    "view": "Images whose header names their view by an unknown word or code: {n}; it counts as not recorded.",
    "machine": "Images whose header gives as maker or model what may identify somebody (a date, a long number, free "
    "text): {n}; it was not taken and counts as not recorded.",
    "year": "Images whose header dates their study before 1900, after next year or by no date: {n}; the year counts "
    "as not recorded.",
    "photometric": "Images without a PhotometricInterpretation: {n}; they were read as MONOCHROME2.",
    "shape": "Images whose Presentation LUT Shape contradicts their PhotometricInterpretation, so that some viewers "
    "show their negative: {n}; PhotometricInterpretation was followed.",
    "sign": "Images without a PixelRepresentation: {n}; their values were read as unsigned.",
    "bare": "Data sets without the head of a DICOM file: {n}; their encoding was told from their first element.",
}


def said(notes: Iterable[Note]) -> tuple[str, ...]:
    """A sentence for each kind of note, with the number of images.

    Args:
        notes: Of all images, each at most once for an image.
    """
    found = list(notes)
    return tuple(text.format(n=found.count(note)) for note, text in _SAID.items() if note in found)
