import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn
from pytorch_grad_cam import EigenCAM, GradCAM, GradCAMPlusPlus, LayerCAM
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

from cxr_core.network import as_input, build
from cxr_core.prediction import predict
from cxr_core.saliency import Maps, class_activation_maps, decode, encode, other_method
from cxr_core.settings import Network

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")


def _network(architecture, tmp_path, images):
    """A network whose features differ from place to place, as after training: its normalization knows these images."""
    drawn_from = Network(architecture=architecture, weights="none", size_px=96)
    network = build(drawn_from, n_classes=6, generator_seed=4, weights_folder=tmp_path)
    with torch.no_grad():
        network.head.weight.normal_(generator=torch.Generator().manual_seed(2))
        for layer in network.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.momentum = 1
        network.train()(as_input(images.pixels, device=CPU))
    return network.eval()


@pytest.fixture
def images(open_images, tmp_path):
    return open_images(tmp_path, size_px=96, picture_hashes=("1", "2", "3"))


def _theirs(cam, images, finding):
    """What the package gives for one class: one target for each image, scaled its own way to the input's size."""
    return cam(input_tensor=images, targets=[ClassifierOutputTarget(finding)] * len(images))


@pytest.mark.parametrize("architecture", ["resnet18", "resnet50", "densenet121", "small"])
def test_the_maps_of_all_six_classes_are_grad_cams(architecture, images, tmp_path):
    network = _network(architecture, tmp_path, images)
    shown = as_input(images.pixels, device=CPU)
    with torch.inference_mode():
        ours = class_activation_maps(network.features(shown), weight=network.head.weight).numpy()
    with GradCAM(model=network, target_layers=[network.trunk]) as cam:
        for finding in range(6):
            scaled = scale_cam_image(scale_cam_image(ours[:, finding], (96, 96)))
            theirs = _theirs(cam, shown, finding)
            assert theirs.max() > 0.9
            np.testing.assert_allclose(scaled, theirs, atol=1e-5)


def test_the_stored_maps_are_grad_cams_to_the_step_of_a_byte(images, tmp_path):
    network = _network("resnet18", tmp_path, images)
    found = predict(network, images, device=CPU)
    shown = as_input(images.pixels, device=CPU)
    with GradCAM(model=network, target_layers=[network.trunk]) as cam:
        for finding in range(6):
            theirs = _theirs(cam, shown, finding)
            for image in range(3):
                _check_to_a_byte(found.maps[image, finding], theirs[image])


@pytest.mark.parametrize(
    ("method", "theirs"), [("gradcam++", GradCAMPlusPlus), ("layercam", LayerCAM), ("eigencam", EigenCAM)]
)
def test_other_methods_are_the_packages_own_image_by_image(method, theirs, open_images, tmp_path):
    images = open_images(tmp_path, size_px=32, picture_hashes=("1", "2", "3"))
    network = _network("small", tmp_path, images)
    ours = other_method(network, images, method=method, device=CPU, batch_size=2)
    assert ours.maps.shape == (3, 6, 8, 8)
    with theirs(model=network, target_layers=[network.trunk]) as cam:
        for image in range(3):
            shown = as_input(images.pixels[image : image + 1], device=CPU)
            for finding in range(6):
                expected = _theirs(cam, shown, finding)[0]
                if method == "eigencam":
                    expected = _unsigned(cam, shown)
                _check_to_a_byte(ours.maps[image, finding], expected)


def _check_to_a_byte(coded, theirs):
    # The package stretches a map from its minimum to its maximum, and the steps of a byte with it.
    step = 1 / (255 - int(coded.min()))
    scaled = scale_cam_image(scale_cam_image(coded[None].astype(np.float32), theirs.shape))[0]
    np.testing.assert_allclose(scaled, theirs, atol=1.01 * step)


def _unsigned(cam, shown):
    """The package's projection, whose sign is that of a singular vector, with the stronger side up."""
    seen = cam.activations_and_grads
    seen(shown)
    raw = cam.get_cam_image(shown, None, None, seen.activations[0].numpy(), None, eigen_smooth=False)
    raw = raw if raw.max() >= -raw.min() else -raw
    return scale_cam_image(scale_cam_image(np.maximum(raw, 0), (32, 32)))[0]


@pytest.mark.parametrize("method", ["gradcam++", "layercam"])
def test_other_methods_tell_the_classes_apart_and_leave_no_gradient(method, images, tmp_path):
    network = _network("small", tmp_path, images)
    found = other_method(network, images, method=method, device=CPU)
    assert len({found.maps[0, finding].tobytes() for finding in range(6)}) == 6
    assert all(parameter.grad is None for parameter in network.parameters())
    assert not network.trunk._forward_hooks


def test_a_map_by_hand():
    features = torch.tensor([[[[1.0, 2.0]], [[3.0, 0.0]]]])
    weight = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0], [-1.0, 0.0], [0.5, 0.5]])
    found = class_activation_maps(features, weight=weight)
    assert found.squeeze().tolist() == [[1, 2], [3, 0], [4, 2], [0, 2], [0, 0], [2, 1]]


def test_coding_by_hand():
    raw = np.zeros((1, 6, 1, 3), np.float32)
    raw[0, 0] = [0, 1, 2]
    raw[0, 1] = [1e-30, 0, 5e-31]
    raw[0, 2, 0, 1] = np.nan
    found = encode(raw)
    assert found.maps[0, :3].tolist() == [[[0, 128, 255]], [[255, 0, 128]], [[0, 0, 0]]]
    np.testing.assert_array_equal(found.scale[0], np.array([2, 1e-30, np.nan, 0, 0, 0], np.float32))
    assert np.isnan(decode(found)[0, 2]).all()
    assert not decode(found)[0, 3:].any()


@settings(max_examples=50)
@given(drawn.arrays(np.float32, (2, 6, 2, 2), elements=st.floats(0, 2.0**100, width=32)))
def test_coding_is_off_by_half_a_step_at_most_and_settles(raw):
    found = encode(raw)
    assert (np.abs(decode(found) - raw) <= raw.max(axis=(2, 3), keepdims=True) * (0.5001 / 255)).all()
    again = encode(decode(found))
    np.testing.assert_array_equal(again.maps, found.maps)


def test_maps_are_frozen():
    with pytest.raises(AttributeError):
        Maps(maps=np.zeros((0, 6, 1, 1), np.uint8), scale=np.zeros((0, 6), np.float32)).scale = None
