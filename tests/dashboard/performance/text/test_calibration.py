"""What is said of calibration: nothing that chance would show is called off."""

from dataclasses import replace

from dashboard.performance.data.calibration import Reliability
from dashboard.performance.text import calibration
from dashboard.results.side import Side
from tests.support.pages import as_read


def test_calibration_errors_need_images() -> None:
    found = Reliability(bins=(), n=100, n_effective=100, error=0.082, by_chance=0.06, mean=0.8, share=0.72)
    assert "8.2 points" in calibration.calibration(Side.EXTERNAL, found, absent="-")
    assert (
        calibration.calibration(Side.EXTERNAL, replace(found, n=12, n_effective=12), absent="-")
        == "◆ external: not estimable, 12 images"
    )
    assert calibration.calibration(Side.EXTERNAL, replace(found, n_effective=12.3), absent="-").endswith(
        "not estimable, 100 images, counting as 12.3"
    )
    text = as_read(calibration.calibration_change({Side.INTERNAL: found, Side.EXTERNAL: replace(found, error=0.186)}))
    assert (
        text
        == "Its confidence is off by 8.2 points internally (100 images) and 18.6 points externally (100 images): the "
        "expected calibration error."
    )
    assert "not estimable" in calibration.calibration_change({Side.INTERNAL: replace(found, n=12, n_effective=12)})


def test_what_a_perfectly_calibrated_model_may_show_is_not_called_off() -> None:
    chance = Reliability(bins=(), n=341, n_effective=341, error=0.059, by_chance=0.067, mean=0.8, share=0.75)
    off = replace(chance, error=0.214, by_chance=0.034)
    assert "calibration error <b>5.9 points</b> (by chance up to 6.7)" in calibration.calibration(
        Side.INTERNAL, chance, absent="-"
    )
    assert as_read(calibration.calibration_change({Side.INTERNAL: chance, Side.EXTERNAL: off})) == (
        "Its confidence is off by 21.4 points externally (341 images): the expected calibration error. "
        "Internally (341 images) it is not clearly off: 5.9 points, where a perfectly calibrated model of as many "
        "patients shows up to 6.7."
    )
    assert "off by" not in calibration.calibration_change({Side.INTERNAL: chance})
