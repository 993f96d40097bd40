"""Names for readers, and text that is only text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import words


def test_known_names_are_said_as_a_reader_says_them() -> None:
    assert words.dataset("chexpert_train") == "CheXpert train"
    assert words.policy("u_ignore") == "uncertain left out"
    assert words.model("split") == "split, ensemble"


def test_a_hospitals_own_table_keeps_its_name_and_an_unknown_policy_loses_its_underscores() -> None:
    assert words.dataset("st_elsewhere") == "st_elsewhere"
    assert words.policy("two_of_five") == "two of five"


@pytest.mark.parametrize("text", ["![x](http://e.org/x.png)", "<img src=x>", ":red[x]", "$a$", "`x`", "# x", "a_b_c"])
def test_no_mark_of_markdown_is_left_unescaped(text: str) -> None:
    assert not re.search(r"(?<!\\)[!\[\]()<>:$`#_]", words.plain(text))


@given(st.text())
def test_plain_text_reads_as_it_was(text: str) -> None:
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words.plain(text)) == text
