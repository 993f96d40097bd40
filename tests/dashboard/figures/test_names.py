"""Names in pictures: on one line or a few, cut where they are long, and only text."""

import pytest

from dashboard.figures.names import shortened, wrapped


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Pleural Effusion", ["Pleural Effusion"]),
        ("Pleural Effusion or Thickening (any side)", ["Pleural Effusion or", "Thickening (any side)"]),
        ("Nodule/Mass", ["Nodule/Mass"]),
        ("Enlarged Cardiomediastinum", ["Enlarged", "Cardiomediastinum"]),
        (
            "one two three four five six seven eight nine tens",
            ["one two three four five", "six seven eight nine te\u2026"],
        ),
        ("", [""]),
    ],
)
def test_a_name_is_parted_between_its_words(name: str, lines: list[str]) -> None:
    assert wrapped(name, letters=24).split("<br>") == lines


def test_it_is_also_parted_after_a_slash_but_not_more_than_need_be() -> None:
    assert wrapped("Nodule/Mass", letters=9) == "Nodule/<br>Mass"
    assert wrapped("Lung Opacity", letters=9) == "Lung<br>Opacity"


def test_a_word_without_end_is_cut() -> None:
    assert len(wrapped("x" * 200, letters=20)) == 40


def test_one_line_is_cut_where_it_is_long() -> None:
    assert shortened("Pleural Effusion", letters=16) == "Pleural Effusion"
    assert shortened("Pleural Effusion or Thickening", letters=20) == "Pleural Effusion or\u2026"


@pytest.mark.parametrize("written", [wrapped, shortened])
def test_nothing_in_a_name_is_taken_for_more_than_text(written: object) -> None:
    said = written("<b>a</b> %{x} $b$ &lt;", letters=40)
    assert said == "&lt;b&gt;a&lt;/b&gt; &#37;{x} &#36;b&#36; &amp;lt;"
