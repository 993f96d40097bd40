import numpy as np

from cxr_core.phantom.randomness import stream


def test_the_same_place_and_purpose_draw_the_same():
    assert stream(1, 2, 3, purpose="pose").random() == stream(1, 2, 3, purpose="pose").random()


def test_seed_place_and_purpose_each_make_a_stream_of_their_own():
    streams = [
        stream(1, 2, 3, purpose="pose"),
        stream(2, 2, 3, purpose="pose"),
        stream(1, 3, 2, purpose="pose"),
        stream(1, 2, purpose="pose"),
        stream(1, purpose="pose"),
        stream(1, 2, 3, purpose="film"),
    ]

    assert len({float(draws.random()) for draws in streams}) == len(streams)


def test_streams_of_neighbouring_patients_do_not_correlate():
    values = np.array([stream(0, patient, purpose="pose").standard_normal(4) for patient in range(500)])

    assert abs(np.corrcoef(values[:-1].ravel(), values[1:].ravel())[0, 1]) < 0.08
