import os

import cv2
import numpy as np
import pytest

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage


def test_whatever_is_raised_becomes_the_reason_and_its_cause_is_dropped():
    with pytest.raises(ImageError, match="Get it again") as caught, damage.refused("Get it again."):
        raise KeyError("SECRET^NAME")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_reason_that_is_known_already_stays():
    with pytest.raises(ImageError, match="known"), damage.refused("other"):
        raise ImageError("known")


def test_lack_of_memory_says_nothing_about_the_file():
    with pytest.raises(MemoryError), damage.refused("other"):
        raise MemoryError
    with pytest.raises(MemoryError), damage.refused("other"):
        cv2.copyMakeBorder(np.zeros((9, 9), np.uint8), 2**30, 2**30, 2**30, 2**30, cv2.BORDER_CONSTANT)


def test_a_mistake_of_opencv_is_no_lack_of_memory():
    with pytest.raises(ImageError, match="other"), damage.refused("other"):
        cv2.resize(np.zeros((0, 0), np.uint8), (1, 1))


@pytest.mark.parametrize(
    "said",
    [
        b"Corrupt JPEG data: premature end of data segment\n",
        b"Corrupt JPEG data: 1 extraneous bytes before marker 0xd9\n",
        b"Premature end of JPEG file\n",
        b"Inconsistent progression sequence for component 0 coefficient 1\n",
    ],
)
def test_what_libjpeg_says_of_missing_data_is_an_error_and_not_shown(capfd, said):
    with pytest.raises(ImageError, match="parts of the image are missing"), damage.warnings_refused():
        os.write(2, said)
    assert capfd.readouterr().err == ""


def test_one_byte_over_is_padding_where_it_can_be(capfd):
    with damage.warnings_refused(may_end_padded=True):
        os.write(2, b"Corrupt JPEG data: 1 extraneous bytes before marker 0xd9\n")
    assert capfd.readouterr().err == ""
    for said in (
        b"2 extraneous bytes before marker 0xd9",
        b"1 extraneous bytes before marker 0xc4",
        b"bad Huffman code",
    ):
        with pytest.raises(ImageError), damage.warnings_refused(may_end_padded=True):
            os.write(2, b"Corrupt JPEG data: " + said + b"\n")


def test_what_others_say_on_standard_error_is_passed_on(capfd):
    with damage.warnings_refused():
        os.write(2, b"something else\n")
    assert capfd.readouterr().err == "something else\n"


def test_standard_error_comes_back_after_an_error(capfd):
    with pytest.raises(KeyError), damage.warnings_refused():
        raise KeyError
    os.write(2, b"still there\n")
    assert capfd.readouterr().err == "still there\n"


def test_what_was_said_of_one_image_is_not_held_against_the_next(capfd):
    with pytest.raises(ImageError, match="damaged"), damage.warnings_refused():
        os.write(2, b"Premature end of JPEG file\n")
    with pytest.raises(ZeroDivisionError), damage.warnings_refused():
        assert os.write(2, b"Premature end of JPEG file\n") / 0
    with damage.warnings_refused():
        os.write(2, b"other")
    with damage.warnings_refused():
        pass
    assert capfd.readouterr().err == "other"
