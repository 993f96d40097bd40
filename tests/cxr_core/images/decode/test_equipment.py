"""Maker, model and year out of headers that anyone may have written."""

import struct
from datetime import date

import pytest
from pydicom import Dataset, Sequence, uid

from cxr_core.images.decode import equipment, facts, header
from cxr_core.images.decode.facts import ImageFacts

NEXT_YEAR = date.today().year + 1  # noqa: DTZ011


def element(tag: tuple[int, int], kind: bytes, value: bytes) -> bytes:
    """An element in explicit little endian, its length even."""
    value += b" " * (len(value) % 2)
    long = kind in (b"OB", b"OW", b"SQ", b"UC", b"UN", b"UT")
    length = struct.pack("<2xI", len(value)) if long else struct.pack("<H", len(value))
    return struct.pack("<HH", *tag) + kind + length + value


def file(*elements: bytes) -> bytes:
    """A DICOM file of 4 x 4 pixels with these elements before its description."""
    syntax = element((0x2, 0x10), b"UI", b"1.2.840.10008.1.2.1\0")
    meta = element((0x2, 0x0), b"UL", struct.pack("<I", len(syntax))) + syntax
    numbers = {0x2: 1, 0x10: 4, 0x11: 4, 0x100: 16, 0x101: 12, 0x102: 11, 0x103: 0}
    description = [element((0x28, tag), b"US", struct.pack("<H", number)) for tag, number in numbers.items()]
    description.insert(1, element((0x28, 0x4), b"CS", b"MONOCHROME2"))
    pixels = element((0x7FE0, 0x10), b"OW", bytes(range(32)))
    return b"\0" * 128 + b"DICM" + meta + b"".join([*elements, *description, pixels])


CHARACTERS, STUDY, MAKER, MODEL = (0x8, 0x5), (0x8, 0x20), (0x8, 0x70), (0x8, 0x1090)


def read(*elements: bytes) -> header.Header:
    return header.read(file(*elements))[0]


def test_maker_model_and_year_are_read_in_one_spelling():
    head = read(
        element(STUDY, b"DA", b"20190615"),
        element(MAKER, b"LO", b" Agfa  HealthCare "),
        element(MODEL, b"LO", b"DX-D 300"),
    )
    assert head.facts == ImageFacts(manufacturer="Agfa HealthCare", model="DX-D 300", year=2019)
    assert head.notes == ()


@pytest.mark.parametrize(
    "elements", [(), (element(MAKER, b"LO", b""), element(STUDY, b"DA", b""), element(MODEL, b"LO", b"UNKNOWN"))]
)
def test_what_is_absent_or_blank_is_not_recorded_and_no_doubt(elements):
    head = read(*elements)
    assert head.facts == ImageFacts()
    assert head.notes == ()


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (b"20190615", 2019),
        (b"2019.06.15", 2019),
        (b"2019-06-15", 2019),
        (b"2019", 2019),
        (b"19000101", 1900),
        (b"%d0101" % NEXT_YEAR, NEXT_YEAR),
    ],
)
def test_of_a_date_the_year_is_kept(stored, told):
    head = read(element(STUDY, b"DA", stored))
    assert (head.facts.year, head.notes) == (told, ())


@pytest.mark.parametrize(
    "stored",
    [
        b"18991231",
        b"%d0101" % (NEXT_YEAR + 1),
        b"21870304",
        b"15062019",
        b"June 2019",
        b"20190615-20190617",
        b"20190615\\20190616",
        b"201906151230",
        b"00000000",
    ],
)
def test_a_year_that_cannot_be_true_is_not_recorded_and_is_counted(stored):
    head = read(element(STUDY, b"DA", stored))
    assert (head.facts.year, head.notes) == (None, ("year",))


@pytest.mark.parametrize("stored", [b"20190615", b"15062019", b"2019-06-15"])
def test_no_more_of_a_date_than_its_year_stays_in_memory(stored):
    said = repr(read(element(STUDY, b"DA", stored)))
    assert "0615" not in said
    assert "1506" not in said
    assert "06-15" not in said


@pytest.mark.parametrize(
    "stored",
    [
        *(
            b"SECRET^NAME",
            b"SECRET=NAME",
            b"secret@name.org",
            b"SN 123456",
            b"SECRET 1960-02-29",
            b"SECRET 29 Feb 1960",
        ),
        *(b"SECRET SECRET SECRET SECRET SECRET SECRET SECRET SECRET SECRET", b"SECRET" * 20, b"SECRET\\NAME"),
    ],
)
def test_what_may_identify_somebody_is_not_taken_and_is_counted(stored):
    head = read(element(MAKER, b"LO", stored), element(MODEL, b"LO", b"DX-D 300"))
    assert head.facts == ImageFacts(model="DX-D 300")
    assert head.notes == ("machine",)
    assert "secret" not in repr(head).lower()


@pytest.mark.parametrize(
    ("stored", "told"), [(b"YES", True), (b"NO", False), (b"yes ", True), (b"SECRET", None), (b"", None)]
)
def test_a_header_says_whether_a_computer_drew_the_image(stored, told):
    head = read(element((0x8, 0x1C), b"CS", stored))
    assert head.facts == ImageFacts(synthetic=told)


NESTED = b"\xfe\xff\x00\xe0" + struct.pack("<I", 20) + element((0x10, 0x10), b"PN", b"SECRET^NAME")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((b"PN", b"SECRET^NAME"), (b"PN", b"SECRET"), (b"SQ", NESTED), (b"OB", b"SECRET"), (b"UI", b"1.2.3")),
        *((b"US", b"\1\0"), (b"FD", b"SECRET"), (b"ZZ", b"SECRET"), (b"AT", b"SECRET"), (b"DS", b"1"), (b"IS", b"1")),
        *((b"UT", b"SECRET" * 200_000), (b"UN", b"SECRET" * 200), (b"UC", b"SECRET")),
    ],
)
@pytest.mark.parametrize("tag", [MAKER, STUDY])
def test_what_is_no_plain_text_costs_no_image(tag, kind, value):
    head = read(element(tag, kind, value))
    assert (head.rows, head.facts) == (4, ImageFacts())
    assert head.notes == ("machine" if tag == MAKER else "year",)


@pytest.mark.parametrize(
    ("characters", "stored", "value"),
    [
        (b"", b"Ger\xe4t", "Ger\u00e4t"),
        (b"ISO_IR 192", "Ger\u00e4t".encode(), "Ger\u00e4t"),
        (b"ISO_IR 192", b"Ger\xe4t", "Ger\ufffdt"),
        (b"KLINGON", b"Agfa", "Agfa"),
        (b"\\ISO 2022 IR 87", b"\x1b$B;3ED\x1b(B", "\u5c71\u7530"),
    ],
)
def test_any_letters_are_read(characters, stored, value):
    assert read(element(CHARACTERS, b"CS", characters), element(MAKER, b"LO", stored)).facts.manufacturer == value


def test_a_long_text_in_a_file_that_names_no_kinds_costs_no_image(write_dicom, radiograph):
    path = write_dicom(
        radiograph(height=20, width=30), syntax=uid.ImplicitVRLittleEndian, elements={"Manufacturer": "M"}
    )
    data = path.read_bytes()
    at = data.index(b"\x08\x00\x70\x00") + 4
    large = b"SECRET" * 300_000
    head = header.read(data[:at] + struct.pack("<I", len(large)) + large + data[at + 6 :])[0]
    assert (head.rows, head.facts.manufacturer, head.notes) == (20, None, ("machine",))


@pytest.mark.parametrize("item", ["Manufacturer", "StudyDate"])
def test_what_stands_within_a_sequence_is_not_read(write_dicom, radiograph, item):
    nested = Dataset()
    setattr(nested, item, "20190615" if item == "StudyDate" else "Agfa")
    path = write_dicom(radiograph(height=20, width=30), elements={"DerivationImageSequence": Sequence([nested])})
    said = header.read(path.read_bytes())[0].facts
    assert (said.manufacturer, said.year) == (None, None)


def test_four_elements_are_allowed_and_no_others_of_their_kind():
    assert equipment.ELEMENTS == ("Manufacturer", "ManufacturerModelName", "StudyDate", "SyntheticData")
    assert set(equipment.ELEMENTS) <= set(facts.ELEMENTS) <= set(header.ALLOWED)
