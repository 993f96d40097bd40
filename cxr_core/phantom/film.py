"""From attenuation to gray: the physics of one exposure, and the maker's processing."""

import numpy as np

from cxr_core.phantom.canvas import FIELD_CM, FIELD_PX, Layer, blur
from cxr_core.phantom.causes import SyntheticSite

_NOISE = 0.0055
_TOE, _SHOULDER = 0.15, 0.80
_LOWEST, _HIGHEST, _STEPS = -1.5, 2.0, 1 << 14
"""The densities that the display tells apart, in shares of its window."""


def develop(
    attenuation: Layer, *, without_devices: Layer, thickness: Layer, site: SyntheticSite, draws: np.random.Generator
) -> Layer:
    """An image of gray from 0 (black) to 1 (white), shape as given.

    Args:
        attenuation: Of the beam through everything.
        without_devices: Of the beam through the body alone: scatter and window follow it, so that a device changes only
            what it covers.
        thickness: Of the body, cm; the window follows what lies behind more than 6 cm.
        site: Exposure, scatter and sharpness.
        draws: The exposure's own randomness.
    """
    field = _field(draws)
    quanta = field * np.exp(-blur(attenuation, site.sharpness.blur_cm))
    body = field * np.exp(-blur(without_devices, site.sharpness.blur_cm))
    cloud = blur(np.minimum(body, 0.35), 4.5) * np.float32(site.scatter.ratio * draws.uniform(0.85, 1.2))
    grain = blur(draws.standard_normal(quanta.shape, dtype=np.float32), 0.06)
    density = _density(quanta + cloud, grain=grain, site=site)
    plain = density if attenuation is without_devices else _density(body + cloud, grain=grain, site=site)
    tissue = plain[thickness > 6]
    low, high = np.percentile(tissue[::7], [1.0, 98.0])
    return _display((density - low) / (high - low), site=site, draws=draws)


def _field(draws: np.random.Generator) -> Layer:
    """The tube's field: falling off to one side, and to all edges."""
    places = np.linspace(-1, 1, FIELD_PX, dtype=np.float32)
    x, y = places[np.newaxis], places[:, np.newaxis]
    tilt_x, tilt_y = draws.normal(0, 0.05, 2).astype(np.float32)
    reach = np.float32(0.00022 * (FIELD_CM / 2) ** 2)
    return np.asarray(1 + tilt_x * x + tilt_y * y - reach * (x * x + y * y))


def _density(quanta: Layer, *, grain: Layer, site: SyntheticSite) -> Layer:
    noisy = np.maximum(
        quanta + np.float32(_NOISE / np.sqrt(site.exposure.dose)) * np.sqrt(quanta) * grain, np.float32(2e-3)
    )
    density = -np.log(noisy)
    edges = np.float32(site.sharpness.edges)
    return np.asarray(density + edges * (density - blur(density, 0.3)) + 0.3 * edges * (density - blur(density, 2.4)))


def _display(gray: Layer, *, site: SyntheticSite, draws: np.random.Generator) -> Layer:
    """The curve from density to gray, with a film's toe and shoulder, as a table."""
    exposure = site.exposure
    shift, gain, bend = draws.normal(0.13, 0.05), draws.normal(1, 0.035), np.exp(draws.normal(0, 0.04))
    shown = (np.linspace(_LOWEST, _HIGHEST, _STEPS) + shift) / 1.13 * gain
    shown = 0.55 + (shown - 0.55) * exposure.contrast + exposure.brightness
    shoulder = _SHOULDER + (1 - _SHOULDER) * np.tanh((shown - _SHOULDER) / (1 - _SHOULDER))
    toe = _TOE * np.exp(np.minimum((shown - _TOE) / 0.09, 0))
    shown = np.where(shown > _SHOULDER, shoulder, np.where(shown < _TOE, toe, shown))
    table = (np.clip(shown, 0.004, 1) ** (exposure.gamma * bend)).astype(np.float32)
    steps = (gray - np.float32(_LOWEST)) * np.float32((_STEPS - 1) / (_HIGHEST - _LOWEST))
    return np.asarray(table.take(np.clip(steps, 0, _STEPS - 1).astype(np.int32)))
