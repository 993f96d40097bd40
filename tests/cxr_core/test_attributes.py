"""In what spelling a value is kept, and which are none to keep."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.attributes import identifying, normalized


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Agfa", "Agfa"),
        ("  Agfa \t Healthcare\n", "Agfa Healthcare"),
        ("Ag\0fa\x1b[31m", "Agfa[31m"),
        ("Ag\u202efa\u200b", "Agfa"),
        ("Ge\u0308ra\u0308t", "G\u00ebr\u00e4t"),
        ("Agfa\u00a0\u2003HealthCare", "Agfa HealthCare"),
        ("", ""),
        (" \0 ", ""),
        ("UNKNOWN", ""),
        ("n/a", ""),
        (" None ", ""),
    ],
)
def test_a_value_has_one_spelling(text, value):
    assert normalized(text) == value


@given(st.text())
def test_a_spelling_is_its_own_and_shows_nothing_but_letters_and_single_spaces(text):
    value = normalized(text)
    assert normalized(value) == value
    assert value == " ".join(value.split())
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in value)


@pytest.mark.parametrize(
    "value",
    [
        *("GE Healthcare", "FUJI PHOTO FILM Co., ltd.", "Philips Medical Systems DMC GmbH", "Canon Inc."),
        *("Definium 8000", "DRX-Evolution 6.0.123", "CR 85-X", "DigitalDiagnost C90", "KODAK DirectView CR 975"),
        *("Fluorospot Compact FD 12", "Mars 2000", "Decade 2020", "V4.2.1", "XR 656+", "CXDI-701C"),
        *("2019", "Ward 3", "intensive care", "60-80 kV", "A", "", "0815", "S\u00fcd, 2. OG"),
    ],
)
def test_what_tells_of_no_one_passes(value):
    assert identifying(value) is None


@pytest.mark.parametrize(
    ("value", "form"),
    [
        *(
            (date, "a date")
            for date in ("2019-03-04", "2019/3/4", "4.3.2019", "03/04/19", "4.3.19", "2019-03", "03/2019")
        ),
        *((date, "a date") for date in ("4 Mar 2019", "MAR-2019", "March 4, 2019", "4. M\u00e4rz 2019", "19-Dez-50")),
        *((date, "a date") for date in ("Service 2019-03-04", "Ward A (4.3.2019)", "mai 1950")),
        *((time, "a time of day") for time in ("12:30", "8:05:33", "at 23:59")),
        *((name, "a name in parts, as DICOM writes a person's") for name in ("Doe^John", "DOE^JOHN^^DR", "a=b")),
        *((mail, "an e-mail or web address") for mail in ("a@b.org", "https://b.org", "www.b.org")),
        *(
            (number, "a long number")
            for number in ("12345", "SN 4711-08155", "12-34-56-78", "+1 (555) 123-456", "20190304")
        ),
        ("\u0661\u0662\u0663\u0664\u0665", "a long number"),
        ("1.2.840.10008", "a long number"),
        ("x" * 65, "free text"),
        ("the patient fell from a ladder this morning", None),
        ("the patient fell from a ladder early this morning", "free text"),
    ],
)
def test_what_may_tell_of_someone_is_named_by_its_form_alone(value, form):
    assert identifying(value) == form
