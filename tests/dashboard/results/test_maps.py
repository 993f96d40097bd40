"""Where a map is strongest, and whether that is a place at all."""

import numpy as np

from dashboard.results.maps import peaks


def test_a_flat_map_is_diffuse_and_an_empty_one_has_no_peak() -> None:
    maps = np.zeros((3, 6, 6), np.uint8)
    maps[0] = 240
    maps[1, 3:, 4:] = 255
    flat, peaked, empty = peaks(maps.tobytes(), height=6, width=6)
    assert flat is not None
    assert (flat.spread, flat.is_diffuse) == (1.0, True)
    assert peaked is not None
    assert (peaked.spread, peaked.is_diffuse) == (6 / 36, False)
    assert peaked.x > 4 / 6
    assert peaked.y > 3 / 6
    assert empty is None
