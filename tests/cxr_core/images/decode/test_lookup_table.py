"""From stored values to gray, against the Standard by hand and against pydicom's functions."""

import warnings
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset, dcmread, uid
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.sequence import Sequence

from cxr_core.errors import ImageError
from cxr_core.images.decode import lookup_table, window
from cxr_core.images.decode.file import decode
from cxr_core.images.decode.window import Window, windowed

VALUES = np.arange(4096)


def looked_up(values, *, elements, inverted, counts=None):
    counts = np.ones(len(values), np.intp) if counts is None else counts
    return lookup_table.table(values, counts=counts, elements=elements, inverted=inverted)


def table(values, **what) -> np.ndarray:
    return looked_up(values, **what)[0]


def elements(**what: object) -> Dataset:
    data = Dataset()
    data.PhotometricInterpretation, data.BitsStored, data.PixelRepresentation = "MONOCHROME2", 12, 0
    for name, value in what.items():
        setattr(data, name, value)
    return data


def lut(values, *, first=0, bits=16, vr="US") -> Sequence:
    item = Dataset()
    item.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(values) % 65536, first, bits])
    item.add_new("LUTData", vr, np.asarray(values, "<u2").tobytes() if vr == "OW" else list(map(int, values)))
    return Sequence([item])


def by_pydicom(data: Dataset, values=VALUES) -> np.ndarray:
    """What most people's script does: pydicom's functions, then min-max."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown = np.asarray(apply_voi_lut(apply_modality_lut(values, data), data), float)
    return (shown - shown.min()) / (shown.max() - shown.min()) * 255


CASES = {
    "nothing": elements(),
    "linear": elements(WindowCenter=1800, WindowWidth=2001),
    "linear beyond the values": elements(WindowCenter=3000, WindowWidth=6000),
    "narrow": elements(WindowCenter=1500, WindowWidth=2),
    "exact": elements(WindowCenter=1800, WindowWidth=2001, VOILUTFunction="LINEAR_EXACT"),
    "exact under one": elements(WindowCenter=1800.3, WindowWidth=0.5, VOILUTFunction="LINEAR_EXACT"),
    "sigmoid": elements(WindowCenter=2048, WindowWidth=1000, VOILUTFunction="SIGMOID"),
    "the first of two windows": elements(WindowCenter=[1800, 400], WindowWidth=[2001, 10]),
    "rescaled": elements(WindowCenter=-100, WindowWidth=500, RescaleSlope=0.5, RescaleIntercept=-1000),
    "voi lut": elements(VOILUTSequence=lut(np.sqrt(np.arange(4096)) * 1000)),
    "voi lut before a window": elements(
        VOILUTSequence=lut(np.sqrt(np.arange(4096)) * 1000), WindowCenter=9, WindowWidth=9
    ),
    "short voi lut": elements(VOILUTSequence=lut(np.arange(1000) ** 1.5, first=700, bits=15)),
    "voi lut of bytes": elements(VOILUTSequence=lut(np.arange(200), bits=8)),
    "modality lut": elements(ModalityLUTSequence=lut(np.arange(4096)[::-1])),
    "modality lut and window": elements(
        ModalityLUTSequence=lut(np.arange(4096) * 2), WindowCenter=4000, WindowWidth=99
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_gray_is_what_pydicom_and_min_max_give_and_monochrome1_is_its_negative(name):
    values = VALUES[:256] if name == "voi lut of bytes" else VALUES  # see below: beyond, pydicom errs
    expected = by_pydicom(CASES[name], values)
    np.testing.assert_allclose(table(values, elements=CASES[name], inverted=False), expected, atol=0.5001)
    np.testing.assert_allclose(table(values, elements=CASES[name], inverted=True), 255 - expected, atol=0.5001)


def test_without_elements_values_are_stretched_over_all_grays():
    assert table(np.arange(100, 104), elements=None, inverted=False).tolist() == [0, 85, 170, 255]
    assert table(np.arange(100, 104), elements=None, inverted=True).tolist() == [255, 170, 85, 0]


def test_a_window_by_hand():
    # PS3.3 C.11.2.1.2.1: centre 50, width 11 runs from 44.5 (black) to 54.5 (white)
    grays = windowed(np.array([44.0, 44.5, 49.5, 54.5, 55.0]), Window(centre=50, width=11, function="LINEAR"))
    np.testing.assert_allclose(grays, [-0.5, -0.5, 0, 0.5, 0.5])
    # C.11.2.1.3.2: from 44.5 to 55.5
    grays = windowed(np.array([44.5, 50.0, 55.5]), Window(centre=50, width=11, function="LINEAR_EXACT"))
    np.testing.assert_allclose(grays, [-0.5, 0, 0.5])
    # C.11.2.1.3.1: 1 / (1 + exp(-4 (x - c) / w))
    grays = windowed(np.array([50.0, 52.75]), Window(centre=50, width=11, function="SIGMOID"))
    np.testing.assert_allclose(grays, [0, 1 / (1 + np.exp(-1)) - 0.5])


def test_values_that_a_byte_lut_does_not_reach_end_at_its_last_entry():
    # pydicom counts places in such a table in 8 bits and begins again at the first entry after the 256th
    data = elements(VOILUTSequence=lut(np.arange(4096) // 16, bits=8))
    np.testing.assert_array_equal(table(VALUES, elements=data, inverted=False), VALUES // 16)


def test_a_negative_slope_does_not_turn_the_image_over_twice():
    # value 0 means 4095 after the modality LUT, and a window shows greater values brighter
    data = elements(WindowCenter=2048, WindowWidth=4096, RescaleSlope=-1, RescaleIntercept=4095)
    result = table(VALUES, elements=data, inverted=False)
    assert (result[0], result[-1]) == (255, 0)


@given(
    centre=st.integers(0, 4095),
    width=st.integers(2, 5000),
    function=st.sampled_from(["LINEAR_EXACT", "SIGMOID"]),
    low=st.integers(0, 2000),
    high=st.integers(2001, 4095),
)
def test_an_inverted_image_under_monochrome1_is_the_image(centre, width, function, low, high):
    values = np.arange(low, high + 1)
    window = elements(WindowCenter=centre, WindowWidth=width, VOILUTFunction=function)
    mirrored = elements(WindowCenter=4095 - centre, WindowWidth=width, VOILUTFunction=function)
    try:
        result = table(values, elements=window, inverted=False)
    except ImageError:
        return
    np.testing.assert_array_equal(table(4095 - values, elements=mirrored, inverted=True), result)


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("vr", ["US", "OW"])
def test_a_table_read_from_a_file(implicit, signed, vr):
    """Descriptors come as US or SS, data as US or OW, and implicit files do not say which."""
    data = elements(
        PixelRepresentation=int(signed), VOILUTSequence=lut(np.arange(500), first=-100 if signed else 100, vr=vr)
    )
    buffer = BytesIO()
    data.save_as(buffer, implicit_vr=implicit, little_endian=True)
    buffer.seek(0)
    read = dcmread(buffer, force=True)
    values = np.arange(-100, 400) if signed else np.arange(100, 600)
    expected = np.round(np.arange(500) / 499 * 255)
    np.testing.assert_allclose(table(values, elements=read, inverted=False), expected, atol=1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (elements(WindowCenter=100, WindowWidth=9, VOILUTFunction="CUBIC"), "LINEAR_EXACT or SIGMOID"),
        (elements(ModalityLUTSequence=lut(np.full(300, 7))), "table that shows the image"),
        (elements(VOILUTSequence=lut(np.arange(300), bits=8)), "lookup table as long"),
        (elements(VOILUTSequence=lut(np.arange(300), bits=20)), "lookup table as long"),
    ],
)
def test_what_cannot_be_is_refused(data, reason):
    with pytest.raises(ImageError, match=reason):
        table(VALUES, elements=data, inverted=False)


def test_one_value_is_no_radiograph():
    with pytest.raises(ImageError, match="all pixels have the same value"):
        table(np.array([7]), elements=None, inverted=False)


USELESS = {
    "width 0": {"WindowCenter": 100, "WindowWidth": 0},
    "under 1": {"WindowCenter": 100, "WindowWidth": 0.5},
    "negative": {"WindowCenter": 100, "WindowWidth": -5, "VOILUTFunction": "SIGMOID"},
    "no width": {"WindowCenter": 100},
    "no centre": {"WindowCenter": "", "WindowWidth": 900},
    "several, none of use": {"WindowCenter": [100, 200], "WindowWidth": [0, -1]},
    "slope 0": {"RescaleSlope": 0, "RescaleIntercept": -1024},
}


@pytest.mark.parametrize("name", USELESS)
def test_a_window_that_is_none_is_no_window(name):
    grays, notes = looked_up(VALUES, elements=elements(**USELESS[name]), inverted=False)
    np.testing.assert_array_equal(grays, table(VALUES, elements=None, inverted=False))
    assert notes == ("no_window",)


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "none"])
def test_a_number_that_is_none_is_no_window(number):
    class Said(dict):
        """What pydicom gives of a text that is no number."""

    said = Said(WindowCenter=number, WindowWidth="900")
    assert window.read(said) == (None, True)
    assert window.read(Said(WindowCenter="900", WindowWidth=number)) == (None, True)


def test_blank_elements_are_not_noted():
    data = elements(WindowCenter="", WindowWidth="")
    assert looked_up(VALUES, elements=data, inverted=False)[1] == ()


def test_of_several_windows_the_first_of_use_is_taken():
    several = elements(WindowCenter=[100, 1800, 400], WindowWidth=[0, 2001, 10])
    one = elements(WindowCenter=1800, WindowWidth=2001)
    grays, notes = looked_up(VALUES, elements=several, inverted=False)
    np.testing.assert_array_equal(grays, table(VALUES, elements=one, inverted=False))
    assert notes == ()


def test_half_of_a_rescaling_is_applied_with_the_other_half_left_as_it_is():
    data = elements(RescaleIntercept=-1000, WindowCenter=0, WindowWidth=1000)
    grays = table(VALUES, elements=data, inverted=False)
    assert (grays[500], grays[1500]) == (0, 255)


MISFITS = {
    "8 bits on 12": {"WindowCenter": 127, "WindowWidth": 254},
    "of other units": {"WindowCenter": 2000, "WindowWidth": 1500, "RescaleSlope": 1, "RescaleIntercept": -10000},
    "far above": {"WindowCenter": 9000, "WindowWidth": 10},
    "exact": {"WindowCenter": 127, "WindowWidth": 254, "VOILUTFunction": "LINEAR_EXACT"},
    "sigmoid": {"WindowCenter": 9000, "WindowWidth": 100, "VOILUTFunction": "SIGMOID"},
}


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("name", MISFITS)
def test_a_window_that_does_not_fit_the_values_gives_way_to_their_range(name, inverted):
    counts = np.where((VALUES > 300) & (VALUES < 3900), 100, 1)
    grays, notes = looked_up(VALUES, elements=elements(**MISFITS[name]), inverted=inverted, counts=counts)
    np.testing.assert_array_equal(grays, table(VALUES, elements=None, inverted=inverted))
    assert notes == ("window",)


def test_a_voi_lut_that_does_not_reach_the_values_gives_way_to_their_range():
    data = elements(VOILUTSequence=lut(np.arange(200), bits=8))
    grays, notes = looked_up(VALUES, elements=data, inverted=False)
    np.testing.assert_array_equal(grays, table(VALUES, elements=None, inverted=False))
    assert notes == ("window",)


def test_a_window_that_shows_the_anatomy_stays_however_much_is_black_or_white():
    # nineteen in twenty are black border, and the window is that of the rest
    counts = np.where(VALUES == 0, 4096 * 30, np.where(VALUES > 2000, 1, 0))
    data = elements(WindowCenter=2200, WindowWidth=4000)
    assert looked_up(VALUES, elements=data, inverted=False, counts=counts)[1] == ()


@pytest.mark.parametrize(("name", "bits"), [("VOILUTSequence", 16), ("ModalityLUTSequence", 16), ("VOILUTSequence", 8)])
def test_a_table_of_a_big_endian_file_is_the_table_of_a_little_endian_one(write_dicom, radiograph, name, bits):
    pixels = radiograph(height=40, width=30, bits=12)
    curve = np.round(np.sqrt(np.arange(4096) / 4095) * ((1 << bits) - 1)).astype(f"<u{bits // 8}")
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, bits])
    shown = {}
    for syntax in (uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian):
        is_big = syntax == uid.ExplicitVRBigEndian
        words = np.frombuffer(curve.tobytes(), "<u2")
        item.add_new("LUTData", "OW", (words.byteswap() if is_big else words).tobytes())
        decoded = decode(write_dicom(pixels, syntax=syntax, elements={name: Sequence([item])}), size_px=10_000)
        shown[syntax] = decoded.table[decoded.image.pixels]
    np.testing.assert_array_equal(*shown.values())
    values = curve[pixels].astype(float)
    expected = (values - values.min()) / (values.max() - values.min()) * 255
    np.testing.assert_allclose(shown[uid.ExplicitVRBigEndian], expected, atol=0.5 + 1e-6)
