"""Both ways of decoding give about the same image; files are what they are called."""

import numpy as np
import pytest
from pydicom import dcmread

from benchmarks import bare_decoders, decode, decode_xrv, fidelity
from benchmarks.radiographs import radiograph, write_dicom, write_jpeg

SHAPE = (640, 520)
SYNTAXES = {"none": "1.2.840.10008.1.2.1", "j2k": "1.2.840.10008.1.2.4.90", "jpeg_lossless": "1.2.840.10008.1.2.4.70"}


@pytest.fixture(scope="module", params=[*SYNTAXES, "jpeg"])
def file(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / request.param
    if request.param == "jpeg":
        return write_jpeg(path.with_suffix(".jpg"), seed=1, shape=SHAPE)
    return write_dicom(path, seed=1, compression=request.param, shape=SHAPE)


def test_both_ways_give_as_bright_an_image(file) -> None:
    usual = decode.usual_jpeg if file.suffix == ".jpg" else decode.usual_dicom
    assert abs(decode.our_way(file) - usual(file)) / decode.SIZE_PX**2 < 1.5


def test_the_full_resolution_is_near(file) -> None:
    assert fidelity.difference(file) < 2


def test_the_bare_decoder_and_torchxrayvision_read_it(file) -> None:
    assert bare_decoders.read_and_decoded(file) >= 224 * 224
    if file.name != "jpeg_lossless":  # no decoder of pydicom's need be installed
        assert decode_xrv.usual(file) > 1


@pytest.mark.parametrize("compression", SYNTAXES)
def test_a_file_holds_the_radiograph(compression, tmp_path) -> None:
    dataset = dcmread(write_dicom(tmp_path / "a.dcm", seed=2, compression=compression, shape=(90, 70)))
    assert dataset.file_meta.TransferSyntaxUID == SYNTAXES[compression]
    np.testing.assert_array_equal(decode.stored_values(dataset), radiograph(90, 70, seed=2))
