import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.training.labelled_images import in_order, shuffled
from cxr_core.training.randomness import Purpose, stream, torch_seed


@given(count=st.integers(2, 200), batch_size=st.integers(2, 40), seed=st.integers(0, 99))
def test_every_image_once_and_no_batch_of_one(count, batch_size, seed):
    batches = shuffled(count, batch_size=batch_size, generator=np.random.default_rng(seed))
    assert sorted(np.concatenate(batches).tolist()) == list(range(count))
    assert all(2 <= len(batch) <= batch_size + 1 for batch in batches)
    assert all(len(batch) == batch_size for batch in batches[:-1])


def test_a_last_single_image_joins_the_batch_before():
    sizes = [
        [len(batch) for batch in shuffled(count, batch_size=4, generator=np.random.default_rng(0))]
        for count in (8, 9, 10)
    ]
    assert sizes == [[4, 4], [4, 5], [4, 4, 2]]


def test_in_order_is_in_order():
    assert [batch.tolist() for batch in in_order(5, batch_size=2)] == [[0, 1], [2, 3], [4]]


def test_streams_differ_by_each_number_and_repeat():
    base = {"seed": 1, "member": 0, "fold": None, "epoch": 1}
    changes = [{}, {"seed": 2}, {"member": 1}, {"fold": 0}, {"fold": 1}, {"epoch": 2}]
    drawn = [
        torch_seed(stream(purpose, **{**base, **change}))
        for purpose in (Purpose.ORDER, Purpose.AUGMENTATION)
        for change in changes
    ]
    assert len(set(drawn)) == 12
    assert torch_seed(stream(Purpose.ORDER, **base)) == drawn[0]


def test_streams_stay_what_they_were():
    found = stream(Purpose.ORDER, seed=7, member=2, fold=None, epoch=3).permutation(8)
    assert found.tolist() == [7, 1, 2, 3, 6, 5, 4, 0]


def test_two_epochs_have_two_orders():
    streams = [stream(Purpose.ORDER, seed=0, member=0, fold=None, epoch=epoch) for epoch in (1, 2)]
    first, second = (np.concatenate(shuffled(50, batch_size=8, generator=found)).tolist() for found in streams)
    assert first != second
