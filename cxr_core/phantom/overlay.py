"""Overlays of a developed image: the collimator, letters and words; and the loss of its compression."""

import cv2
import numpy as np

from cxr_core.phantom.canvas import FIELD_PX, PX_PER_CM, Layer
from cxr_core.phantom.causes import Compression

WORD = "PORTABLE"
_INK = 0.94
_BEHIND_LEAD = 0.03


def collimate(gray: Layer, *, draws: np.random.Generator) -> Layer:
    """Dark borders where the collimator's leaves were in the field."""
    covered = gray.copy()
    for turns in range(4):
        wide = int(abs(draws.normal(0, 0.9)) * PX_PER_CM)
        if draws.random() < 0.3 and wide:
            np.rot90(covered, turns)[:wide] *= _BEHIND_LEAD
    return covered


def letter(gray: Layer, *, draws: np.random.Generator) -> Layer:
    """The side marker, an L on the patient's left, in most images."""
    x, y = draws.integers(FIELD_PX - 52, FIELD_PX - 26), draws.integers(22, 46)
    return _write(gray, "L", at=(int(x), int(y)), scale=0.65, thick=2) if draws.random() < 0.9 else gray


def word(gray: Layer, *, draws: np.random.Generator) -> Layer:
    """The word of the marker, below the letter."""
    x, y = draws.integers(FIELD_PX - 82, FIELD_PX - 62), draws.integers(58, 84)
    return _write(gray, WORD, at=(int(x), int(y)), scale=0.34, thick=1)


def compress(gray: Layer, *, loss: Compression) -> Layer:
    """The image after what its file loses: fewer grays, then JPEG."""
    levels = np.float32(2**loss.bits - 1)
    kept = np.round(gray * levels) / levels
    if loss.jpeg_quality is None:
        return np.asarray(kept)
    _, data = cv2.imencode(".jpg", np.round(kept * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, loss.jpeg_quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.float32) / np.float32(255)


def _write(gray: Layer, text: str, *, at: tuple[int, int], scale: float, thick: int) -> Layer:
    sheet = np.zeros(gray.shape, np.uint8)  # OpenCV 5 writes on 8-bit images only
    cv2.putText(sheet, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thick, cv2.LINE_AA)
    ink = sheet.astype(np.float32) / 255
    return np.asarray(gray * (1 - ink) + np.float32(_INK) * ink)
