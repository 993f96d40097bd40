"""Names for readers, and text that is only text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import words


def test_known_names_are_said_as_a_reader_says_them() -> None:
    assert words.dataset("chexpert_train", synthetic=False) == "CheXpert train"
    assert words.policy("u_ignore") == "uncertain left out"
    assert words.model("split") == "split, ensemble"


def test_a_dataset_that_a_computer_drew_says_so() -> None:
    assert words.dataset("chexpert_train", synthetic=True) == "CheXpert train (synthetic)"
    assert words.dataset("st_elsewhere", synthetic=True) == "st_elsewhere (synthetic)"


def test_a_hospitals_own_table_keeps_its_name_and_an_unknown_policy_loses_its_underscores() -> None:
    assert words.dataset("st_elsewhere", synthetic=False) == "st_elsewhere"
    assert words.policy("two_of_five") == "two of five"


@pytest.mark.parametrize("text", ["![x](http://e.org/x.png)", "<img src=x>", ":red[x]", "$a$", "`x`", "# x", "a_b_c"])
def test_no_mark_of_markdown_is_left_unescaped(text: str) -> None:
    assert not re.search(r"(?<!\\)[!\[\]()<>:$`#_]", words.plain(text))


# What Streamlit's own script looks for in the text that is left once Markdown is read.
FOUND_LATER = (
    re.compile(r"(https?:\/\/|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE),
    re.compile(r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)"),
    re.compile(r":[\w+-]+:"),
    re.compile(r":material\/|:streamlit:"),
    re.compile(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)"),
)


def shown(text: str) -> str:
    """What is left of the text once Markdown is read."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words.plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "http://example.org/x", "see HTTPS://example.org", "www.example.org", "WWW.example.org", "me@example.org",
        ":smile:", ":+1:", ":-1:", ":material/home:", ":streamlit:", "a -> b", "a <- b", "a <-> b", "a -- b", "a >= b",
    ],
)  # fmt: skip
def test_what_is_looked_for_after_markdown_is_not_found(text: str) -> None:
    assert any(pattern.search(text) for pattern in FOUND_LATER)
    assert not any(pattern.search(shown(text)) for pattern in FOUND_LATER)
    assert shown(text).replace("\u2060", "") == text


def test_commands_and_times_can_be_copied_as_they_stand() -> None:
    text = "Choose another --name, or start train.py run --source table:mine.csv at 12:30."
    assert shown(text) == text


@pytest.mark.parametrize("text", ["a\n\n# b", "a\r\n- b", "a\u2028b", "a\x00b", "a\u202eb", "a\n\n    b", "a \t b"])
def test_a_text_is_one_line_that_runs_one_way(text: str) -> None:
    assert re.fullmatch(r"a [#-]? ?b", shown(text))


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"))))
def test_plain_text_reads_as_it_was(text: str) -> None:
    kept = re.sub("[\u202a-\u202e\u2060\u2066-\u2069]+", "", text)
    assert shown(kept).replace("\u2060", "") == kept


@given(st.text(alphabet="ahtpw:/.@-<>=+ ", max_size=30))
def test_nothing_is_found_in_any_text(text: str) -> None:
    assert not any(pattern.search(shown(text)) for pattern in FOUND_LATER)
