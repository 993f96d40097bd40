"""What is read out of a header, and what a header must be."""

import re
import warnings
import zlib

import numpy as np
import pytest
from pydicom import dcmread, uid

from cxr_core.errors import ImageError
from cxr_core.images.decode import elements, header


@pytest.fixture
def read_with(write_dicom, radiograph):
    def read(**elements):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom doubts some of what is written here
            path = write_dicom(radiograph(height=20, width=30), elements=elements)
        return header.read(path.read_bytes())[0]

    return read


def test_the_description_of_the_pixels(write_dicom, radiograph):
    pixels = radiograph(height=20, width=31)
    head, value = header.read(write_dicom(pixels, photometric="MONOCHROME1").read_bytes())
    assert (head.rows, head.columns, head.bits_allocated, head.bits_stored) == (20, 31, 16, 12)
    assert (head.photometric, head.signed) == ("MONOCHROME1", False)
    assert head.transfer_syntax == uid.ExplicitVRLittleEndian
    assert value == pixels.tobytes()


@pytest.mark.parametrize(
    ("age", "years"),
    [
        ("064Y", 64.0),
        ("018M", 1.5),
        ("052W", 52 * 7 / 365.25),
        ("010D", 10 / 365.25),
        ("000Y", 0.0),
        (" 64Y", 64.0),
        ("064y", 64.0),
        ("130Y", 130.0),
        ("131Y", None),
        ("411Y", None),
        ("", None),
        (None, None),
        ("64", None),
        ("Y64", None),
        ("old", None),
    ],
)
def test_ages_are_years(read_with, age, years):
    assert read_with(PatientAge=age).facts.age_years == pytest.approx(years)


@pytest.mark.parametrize(
    ("sex", "known"),
    [("F", "F"), ("M", "M"), ("m", "M"), ("FEMALE", "F"), ("male", "M"), ("O", None), ("", None), ("Frau", None)],
)
def test_sex_is_f_m_or_not_recorded(read_with, sex, known):
    assert read_with(PatientSex=sex).facts.sex == known


@pytest.mark.parametrize("view", ["PA", "lateral", ""])
def test_a_view_that_is_known_or_not_named_is_not_noted(read_with, view):
    assert read_with(ViewPosition=view).notes == ()
    assert read_with(ViewPosition="SKYLINE").notes == ("view",)


@pytest.mark.parametrize(("said", "read"), [("MONOCHROME1", "MONOCHROME1"), ("monochrome1 ", "MONOCHROME1")])
def test_the_photometric_interpretation_is_read_in_any_case(read_with, said, read):
    head = read_with(PhotometricInterpretation=said)
    assert (head.photometric, head.notes) == (read, ())


@pytest.mark.parametrize(
    ("elements", "note"),
    [
        ({"PhotometricInterpretation": None}, "photometric"),
        ({"PhotometricInterpretation": None, "SamplesPerPixel": None}, "photometric"),
        ({"PixelRepresentation": None}, "sign"),
    ],
)
def test_what_a_header_lacks_is_guessed_and_noted(read_with, elements, note):
    head = read_with(**elements)
    assert (head.photometric, head.signed, head.notes) == ("MONOCHROME2", False, (note,))


@pytest.mark.parametrize(
    ("photometric", "shape", "notes"),
    [
        ("MONOCHROME2", "IDENTITY", ()),
        ("MONOCHROME1", "INVERSE", ()),
        ("MONOCHROME2", None, ()),
        ("MONOCHROME1", "LIN OD", ()),
        ("MONOCHROME2", "INVERSE", ("shape",)),
        ("MONOCHROME1", "IDENTITY", ("shape",)),
    ],
)
def test_a_presentation_lut_shape_that_says_the_contrary_is_noted(read_with, photometric, shape, notes):
    head = read_with(PhotometricInterpretation=photometric, PresentationLUTShape=shape)
    assert (head.photometric, head.notes) == (photometric, notes)


@pytest.mark.parametrize(
    ("value", "limit", "signed", "padding"),
    [
        (None, None, 0, None),
        (None, 7, 0, None),
        (65535, None, 0, (65535, 65535)),
        (4095, 4000, 0, (4095, 4000)),
        (0, 10, 0, (0, 10)),
        (-2000, None, 1, (63536, 63536)),
        (-2000, -1990, 1, (63536, 63546)),
    ],
)
@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian])
def test_padding_is_a_value_or_a_range(write_dicom, radiograph, *, value, limit, signed, padding, syntax):
    elements = {"PixelPaddingValue": value, "PixelPaddingRangeLimit": limit}
    given = {name: number for name, number in elements.items() if number is not None}
    pixels = radiograph(height=20, width=30).astype(np.int16 if signed else np.uint16)
    path = write_dicom(pixels, syntax=syntax, signed=bool(signed), elements=given)
    assert header.read(path.read_bytes())[0].padding == padding


def test_padding_written_with_the_other_sign_is_the_same(write_dicom, radiograph):
    pixels = radiograph(height=20, width=30)
    path = write_dicom(pixels.astype(np.int16), signed=True, elements={"PixelPaddingValue": -2000})
    data = path.read_bytes()
    wrong = data.replace(b"\x28\0\x20\x01SS", b"\x28\0\x20\x01US")
    assert wrong != data
    assert header.read(wrong)[0].padding == (63536, 63536)
    data = write_dicom(pixels, elements={"PixelPaddingValue": 65535}).read_bytes()
    wrong = data.replace(b"\x28\0\x20\x01US", b"\x28\0\x20\x01SS")
    assert wrong != data
    assert header.read(wrong)[0].padding == (65535, 65535)


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.JPEGLSLossless, uid.DeflatedExplicitVRLittleEndian])
def test_large_pixels_are_a_view_of_the_value_that_pydicom_reads(write_dicom, radiograph, syntax):
    path = write_dicom(radiograph(height=1500, width=1200), syntax=syntax)
    data = path.read_bytes()
    _, value = header.read(data)
    assert len(value) > elements._LARGE_VALUE_BYTES
    assert value == dcmread(path).PixelData
    assert (value.obj is data) == (syntax != uid.DeflatedExplicitVRLittleEndian)


def test_fragments_cut_off_are_refused(write_dicom, radiograph):
    data = write_dicom(radiograph(height=1500, width=1200), syntax=uid.JPEGLSLossless).read_bytes()
    delimiter = data.rindex(b"\xfe\xff\xdd\xe0")
    for end in (delimiter, delimiter - 1, delimiter - 1000, len(data) // 2):
        with pytest.raises(ImageError):
            header.read(data[:end])


@pytest.mark.parametrize("size", [2_000, 2_000_000])
def test_a_delimiter_among_the_pixels_does_not_end_them(write_dicom, radiograph, size):
    encoded = bytes(size) + b"\xfe\xff\xdd\xe0\0\0\0\0" + bytes(size)
    path = write_dicom(radiograph(height=20, width=30), syntax=uid.RLELossless, encoded=encoded)
    data = path.read_bytes()
    assert bytes(header.read(data)[1]).endswith(encoded)
    with pytest.raises(ImageError, match="the last one was cut off"):
        header.read(data[: -size // 2])


def test_nothing_else_is_read(write_dicom, radiograph, monkeypatch):
    asked = []
    dcmread = elements.dcmread
    monkeypatch.setattr(
        elements, "dcmread", lambda *args, **kwargs: asked.append(dcmread(*args, **kwargs)) or asked[-1]
    )
    path = write_dicom(radiograph(height=20, width=30), elements={"WindowCenter": 2000, "WindowWidth": 4000})
    head, _ = header.read(path.read_bytes())
    assert "SECRET" not in repr(head)
    assert {element.keyword for element in asked[0]} <= {*header.ALLOWED, "SpecificCharacterSet"}
    telling = {keyword for keyword in header.ALLOWED if re.search("Name|ID|Birth|Date|UID|Institution", keyword)}
    assert telling == {"ManufacturerModelName", "StudyDate"}


def test_a_header_that_pydicom_warns_about_is_not_quoted(write_dicom, radiograph, recwarn, caplog, capfd):
    path = write_dicom(radiograph(height=20, width=30), elements={"PatientAge": "064Y", "ViewPosition": "LATERAL"})
    data = path.read_bytes().replace(b"064Y", b"NAME").replace(b"LATERAL", b"secret ")
    caplog.clear()
    recwarn.clear()
    header.read(data)
    assert not recwarn.list
    assert not caplog.records
    assert "".join(capfd.readouterr()) == ""


def test_a_file_without_preamble_is_read(write_dicom, radiograph):
    data = write_dicom(radiograph(height=20, width=30)).read_bytes()
    assert header.read(data[132:])[0] == header.read(data)[0]


class TestRefused:
    @pytest.mark.parametrize(
        ("elements", "reason"),
        [
            ({"NumberOfFrames": 3}, "Expected one frame; found 3"),
            ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3, "PlanarConfiguration": 0}, "colour image"),
            ({"PhotometricInterpretation": "PALETTE COLOR"}, "colour image"),
            ({"PhotometricInterpretation": None, "SamplesPerPixel": 3}, "colour image"),
            ({"PhotometricInterpretation": "MONOCHROME"}, "found another word"),
            ({"PixelRepresentation": 2}, "Expected 0 or 1 as PixelRepresentation"),
            ({"BitsStored": None}, "Expected a number as BitsStored"),
            ({"Rows": None}, "Expected a number as Rows"),
            ({"Rows": 0}, "Expected sides of 1 to"),
            ({"Rows": 65535, "Columns": 65535}, "Expected sides of 1 to"),
            ({"Rows": 19000, "Columns": 19000}, "Expected sides of 1 to"),
            ({"BitsAllocated": 32, "BitsStored": 32}, "Expected 8 or 16 bits"),
            ({"BitsAllocated": 1, "BitsStored": 1}, "Expected 8 or 16 bits"),
            ({"BitsStored": 17}, "Expected 8 or 16 bits"),
            ({"BitsStored": 0}, "Expected 8 or 16 bits"),
        ],
    )
    def test_what_is_no_gray_radiograph(self, read_with, elements, reason):
        with pytest.raises(ImageError, match=reason):
            read_with(**elements)

    def test_no_pixels(self, write_dicom, radiograph):
        data = write_dicom(radiograph(height=20, width=30)).read_bytes()
        with pytest.raises(ImageError, match="found no Pixel Data"):
            header.read(data[: data.index(b"\xe0\x7f\x10\x00")])

    def test_no_transfer_syntax(self, write_dicom, radiograph):
        data = write_dicom(radiograph(height=20, width=30)).read_bytes()
        start = data.index(b"\x02\x00\x10\x00UI")
        without = data[:start] + data[start + 28 :]
        with pytest.raises(ImageError, match="names its transfer syntax"):
            header.read(without)

    def test_what_cannot_be_parsed_is_not_quoted(self, write_dicom, radiograph):
        path = write_dicom(radiograph(height=20, width=30), elements={"NumberOfFrames": 123456})
        damaged = path.read_bytes().replace(b"123456", b"SECRET")
        with pytest.raises(ImageError, match="its header cannot be read") as caught:
            header.read(damaged)
        assert "SECRET" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__

    def test_a_deflate_bomb(self, write_dicom, radiograph, monkeypatch):
        monkeypatch.setattr(elements, "_LARGEST_INFLATED_BYTES", 100_000)
        path = write_dicom(radiograph(height=20, width=30), syntax=uid.DeflatedExplicitVRLittleEndian)
        data = path.read_bytes()
        assert header.read(data)[0].rows == 20
        start = 144 + int.from_bytes(data[140:144], "little")
        deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        inflated = zlib.decompress(data[start:], -zlib.MAX_WBITS) + bytes(10**7)
        with pytest.raises(ImageError, match="inflates to more"):
            header.read(data[:start] + deflate.compress(inflated) + deflate.flush())
