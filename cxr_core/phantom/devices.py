"""Devices: lines, tubes, electrodes, pacemakers, ports and sternal wires: thin, dense and crisp."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cxr_core.phantom.canvas import Layer, Line, Points, blur, ellipsoid, empty, fill, strokes
from cxr_core.phantom.curves import closed, through
from cxr_core.phantom.randomness import stream
from cxr_core.phantom.thorax import Thorax


@dataclass(frozen=True, kw_only=True)
class Device:
    """A kind of device.

    Attributes:
        name: As the truth table names it.
        frequency: Relative to the most frequent kind.
        draw: Draws one; what it adds to a beam's attenuation.
    """

    name: str
    frequency: float
    draw: Callable[[Thorax, np.random.Generator], Layer]


def draw_devices(seed: int, thorax: Thorax, *, chance: float) -> tuple[Layer | None, tuple[str, ...]]:
    """The devices of a patient, the same in all images.

    Args:
        seed: The site's seed.
        thorax: Where they lie.
        chance: Of the most frequent kind, in [0, 1].

    Returns:
        What they add to a beam's attenuation, None if there are none, and their names.
    """
    number = thorax.patient.number
    lots = stream(seed, number, purpose="devices").random(len(DEVICES))
    present = [device for device, lot in zip(DEVICES, lots, strict=True) if lot < chance * device.frequency]
    if not present:
        return None, ()
    layers = [device.draw(thorax, stream(seed, number, purpose=device.name)) for device in present]
    return blur(sum(layers[1:], start=layers[0]), 0.04), tuple(device.name for device in present)


def _wire(*points: tuple[float, float], width_cm: float, strength: float) -> Line:
    return Line(points=through(points), width_cm=width_cm, strength=strength)


def _tube(line: Points, *, width_cm: float, wall: float) -> Layer:
    """A hollow tube: two bright walls, and a bright thread in one of them."""
    outer = Line(points=line, width_cm=width_cm, strength=wall)
    hollow = Line(points=line, width_cm=0.55 * width_cm, strength=0.35 * wall)
    thread = Line(points=line + np.array([0.3 * width_cm, 0]), width_cm=0.13, strength=1.6 * wall)
    return strokes(outer, hollow, thread)


def _electrodes(thorax: Thorax, draws: np.random.Generator) -> Layer:
    """Three to five, with their leads, which leave the picture below."""
    places = [(-0.85, 0.06), (0.88, 0.08), (0.95, 0.86), (-0.9, 0.92), (0.35, 0.5)]
    end = (draws.normal(9, 5), 43.0)
    studs, leads = empty(), []
    for across, down in places[: draws.integers(3, 6)]:
        x = thorax.middle + across * thorax.width + draws.normal(0, 1.1)
        y = thorax.apex + down * (thorax.domes[0] - thorax.apex) + draws.normal(0, 1.1)
        studs += np.float32(0.2) * (ellipsoid(x, y, 1.2, 1.2) > 0) + np.float32(0.75) * ellipsoid(x, y, 0.5, 0.5)
        bend = (0.5 * (x + end[0]) + draws.normal(0, 4.5), 0.5 * (y + end[1]) + draws.normal(0, 3))
        leads.append(_wire((x, y), bend, end, width_cm=0.17, strength=0.38))
    return studs + strokes(*leads)


def _central_line(thorax: Thorax, draws: np.random.Generator) -> Layer:
    side, x, y = draws.choice([-1, 1]), thorax.middle, thorax.apex + draws.normal(0, 0.4)
    neck = (x + side * draws.uniform(3.4, 4.4), -2.0)
    tip = (x - 2.0, thorax.heart_top + draws.uniform(0, 3.5))
    way = ((x + side * 3.2, y - 1), (x + side * 1.6, y + 2.4), (x - 1.6, y + 4.5 + side))
    return strokes(_wire(neck, *way, tip, width_cm=0.22, strength=0.42))


def _tracheal_tube(thorax: Thorax, draws: np.random.Generator) -> Layer:
    x, tip = thorax.middle, thorax.carina - draws.uniform(1.5, 4.5)
    return _tube(through([(x + 0.3, -3.0), (x + 0.1, thorax.apex), (x - 0.1, tip)]), width_cm=0.95, wall=0.28)


def _feeding_tube(thorax: Thorax, draws: np.random.Generator) -> Layer:
    x, low = thorax.middle, thorax.heart_bottom
    tip = (x + draws.uniform(0.25, 0.5) * thorax.width, low + draws.uniform(4, 6))
    way = ((x + 0.6, -3.0), (x + 0.9, 9.0), (x + 0.3, low - 4), (x + 1.6, low + 2.0), (x + 5.0, low + 4.4))
    return strokes(_wire(*way, tip, width_cm=0.3, strength=0.40))


def _pacemaker(thorax: Thorax, draws: np.random.Generator) -> Layer:
    """A can before the left shoulder, two leads through the vein, their tips in atrium and ventricle."""
    x, y = thorax.middle + 0.70 * thorax.width + draws.normal(0, 0.5), thorax.apex + 4.2 + draws.normal(0, 0.6)
    can = closed(
        [
            (x - 2.0, y - 1.5),
            (x + 0.8, y - 1.9),
            (x + 2.2, y - 0.6),
            (x + 1.9, y + 1.4),
            (x, y + 2.1),
            (x - 1.9, y + 1.5),
        ]
    )
    battery = closed([(x - 1.5, y - 0.1), (x + 1.5, y - 0.3), (x + 1.4, y + 1.1), (x - 1.3, y + 1.2)])
    middle, top, low = thorax.middle, thorax.heart_top, thorax.heart_bottom
    vein = (
        (x - 1.0, y - 1.6),
        (x - 3.4, y - 2.6),
        (middle + 1.2, thorax.apex + 3.4),
        (middle - 1.4, thorax.apex + 5.6),
    )
    right = middle - 0.85 * thorax.mediastinum
    atrium = (*vein, (right, top + 4), (right - 1.0, top + 4.4))
    ventricle = (*vein, (right, top + 5.5), (middle - 0.2, low - 0.8), (middle + 0.30 * thorax.width, low - 1.4))
    leads = [_wire(*way, width_cm=0.2, strength=0.5) for way in (atrium, ventricle)]
    tips = [Line(points=lead.points[-6:], width_cm=0.3, strength=0.9) for lead in leads]
    return fill(can, strength=0.95) + fill(battery, strength=0.6) + strokes(*leads, *tips)


def _port(thorax: Thorax, draws: np.random.Generator) -> Layer:
    """A ring under the right clavicle, and its line."""
    x, y = thorax.middle - 0.62 * thorax.width + draws.normal(0, 0.6), thorax.apex + 5.2 + draws.normal(0, 0.7)
    ring = np.float32(0.8) * (ellipsoid(x, y, 1.25, 1.25) > 0) - np.float32(0.45) * (ellipsoid(x, y, 0.72, 0.72) > 0)
    vein, tip = thorax.middle - 2.2, thorax.heart_top + draws.uniform(1, 4)
    way = ((x + 0.4, y - 1.1), (x + 1.8, thorax.apex + 1.0), (vein, thorax.apex + 2.2), (vein + 0.2, tip))
    return np.asarray(ring, dtype=np.float32) + strokes(_wire(*way, width_cm=0.24, strength=0.42))


def _sternal_wires(thorax: Thorax, draws: np.random.Generator) -> Layer:
    lines = []
    for number in range(6):
        x, y = thorax.middle + draws.normal(0, 0.12), thorax.apex + 5.5 + 2.3 * number
        loop = closed([(x - 0.75, y + 0.15), (x, y - 0.3), (x + 0.75, y + 0.1), (x, y + 0.35)])
        lines.append(Line(points=np.concatenate([loop, loop[:1]]), width_cm=0.13, strength=0.75))
        lines.append(_wire((x - 0.1, y + 0.3), (x + 0.25, y + 0.7), (x - 0.15, y + 0.9), width_cm=0.13, strength=0.75))
    return strokes(*lines)


def _chest_drain(thorax: Thorax, draws: np.random.Generator) -> Layer:
    side, low = draws.choice([-1, 1]), thorax.domes[1] - draws.uniform(1, 4)
    tip = (thorax.middle + side * draws.uniform(0.5, 0.7) * thorax.width, thorax.apex + draws.uniform(3, 8))
    reach = [(thorax.width + 4, low + 3), (thorax.width - 0.4, low), (0.85 * thorax.width, low - 6)]
    line = through([*((thorax.middle + side * out, y) for out, y in reach), tip])
    return _tube(line, width_cm=0.75, wall=0.22)


DEVICES = (
    Device(name="electrodes", frequency=1.0, draw=_electrodes),
    Device(name="central line", frequency=0.9, draw=_central_line),
    Device(name="tracheal tube", frequency=0.4, draw=_tracheal_tube),
    Device(name="feeding tube", frequency=0.4, draw=_feeding_tube),
    Device(name="pacemaker", frequency=0.35, draw=_pacemaker),
    Device(name="port", frequency=0.3, draw=_port),
    Device(name="sternal wires", frequency=0.35, draw=_sternal_wires),
    Device(name="chest drain", frequency=0.2, draw=_chest_drain),
)
