"""Small multiples, a panel a policy."""

from dashboard.labels.figures.policies import policies
from dashboard.palette import LIGHT, mix
from tests.support.made.mixes import made

MAJORITY = made([100, 50, 25, 15, 10, 0])
ANY = made([60, 20, 10, 5, 4, 1], policy="any_reader")
NONE = made([0] * 6, policy="<b>explicit</b>")


def test_each_policy_has_its_bars_on_an_axis_of_its_own() -> None:
    figure = policies((MAJORITY, ANY), shown="majority", reach=0.6, color=LIGHT.internal, palette=LIGHT)
    assert [list(trace.x) for trace in figure.data] == [
        [100 * row.share.value for row in each.classes] for each in (MAJORITY, ANY)
    ]
    assert [trace.xaxis for trace in figure.data] == ["x", "x2"]
    for axis in (figure.layout.xaxis, figure.layout.xaxis2):
        assert (tuple(axis.range), axis.showticklabels) == ((0, 100), True)
        assert axis.domain[1] - axis.domain[0] < 0.25


def test_the_chosen_policy_is_in_the_full_colour() -> None:
    figure = policies((MAJORITY, ANY), shown="any_reader", reach=0.6, color=LIGHT.internal, palette=LIGHT)
    assert [trace.marker.color for trace in figure.data] == [mix(LIGHT.ground, LIGHT.internal, 0.6), LIGHT.internal]
    titles = [note.text for note in figure.layout.annotations if note.yref == "paper"]
    assert titles[0].startswith("over half of readers")
    assert titles[1].startswith("<b>any reader</b>")


def test_a_policy_without_classes_says_so_and_its_name_is_text() -> None:
    figure = policies((MAJORITY, NONE), shown="majority", reach=0.6, color=LIGHT.internal, palette=LIGHT)
    words = [note.text for note in figure.layout.annotations]
    assert "<i>gives no single class</i>" in words
    assert "&lt;b&gt;explicit&lt;/b&gt;" in words
    assert len(figure.data) == 1
    assert (figure.layout.xaxis2.showticklabels, figure.layout.xaxis2.zeroline) == (False, False)


def test_axes_reach_as_far_as_the_shares_of_both_sites() -> None:
    figure = policies((MAJORITY, ANY), shown="majority", reach=0.29, color=LIGHT.internal, palette=LIGHT)
    assert {tuple(axis.range) for axis in (figure.layout.xaxis, figure.layout.xaxis2)} == {(0, 50)}


def test_few_images_are_counts_and_no_bars() -> None:
    figure = policies((made([3, 1, 0, 0, 0, 0]),), shown="majority", reach=0.6, color=LIGHT.internal, palette=LIGHT)
    assert list(figure.data[0].x) == [0] * 6
    assert "<i>3 of 4</i>" in [note.text for note in figure.layout.annotations]
