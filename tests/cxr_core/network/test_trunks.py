import pytest
import torch

from cxr_core.network.trunks import random_trunk


@pytest.mark.parametrize("cell", [5, 9, 14])
def test_a_cell_of_the_small_networks_maps_lies_over_the_middle_of_what_it_sees(cell):
    trunk = random_trunk("small").layers.eval()
    for parameter in trunk.parameters():
        torch.nn.init.ones_(parameter)  # so that everything in the receptive field has a gradient
    image = torch.ones(1, 1, 80, 80, requires_grad=True)

    trunk(image)[0, 0, cell, cell].backward()

    seen = torch.nonzero(image.grad[0, 0].sum(dim=0))
    assert (seen.min() + seen.max() + 1) / 2 / 80 == pytest.approx((cell + 0.5) / 20)
