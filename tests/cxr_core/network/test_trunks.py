from typing import get_args

import pytest
import torch

from cxr_core.network.trunks import BUILDERS, random_trunk
from cxr_core.settings import ARCHITECTURES, Architecture


def test_each_architecture_that_can_be_named_has_a_name_in_words_and_a_builder():
    assert set(get_args(Architecture)) == set(ARCHITECTURES) == set(BUILDERS)


@pytest.mark.parametrize("cell", [5, 9, 14])
def test_a_cell_of_the_small_networks_maps_lies_over_the_middle_of_what_it_sees(cell):
    trunk = random_trunk("small").layers.eval()
    for parameter in trunk.parameters():
        torch.nn.init.ones_(parameter)  # so that everything in the receptive field has a gradient
    image = torch.ones(1, 1, 80, 80, requires_grad=True)

    trunk(image)[0, 0, cell, cell].backward()

    seen = torch.nonzero(image.grad[0, 0].sum(dim=0))
    assert (seen.min() + seen.max() + 1) / 2 / 80 == pytest.approx((cell + 0.5) / 20)
