"""Empty states: the thing that is missing, and the one thing to do."""

import streamlit as st

from dashboard import words


def no_runs() -> None:
    """There is no run at all."""
    st.title("No run yet", anchor=False)
    st.markdown(
        "The results folder is empty. This draws two synthetic hospitals, trains on one and tests on both, in about "
        "five minutes:"
    )
    st.code(words.command("demo"), language="bash")
    st.markdown("And this does the same with VinBigData in one folder and CheXpert in another:")
    st.code(words.command("paper --source DIR --external DIR"), language="bash")
    st.markdown(
        "Then load this page again. For results in another folder give it to this command and to the dashboard, by "
        "`--results` or by `SECOND_SITE_RESULTS`."
    )


def damaged(name: str, *, problem: str) -> None:
    """A run whose file cannot be read."""
    st.title("This run cannot be read", anchor=False)
    st.markdown(f"**{words.plain(name)}**: {words.plain(problem)}")


def no_models() -> None:
    """A results file without a tested model."""
    st.title("Nothing was tested in this run", anchor=False)
    st.markdown(f"Its file holds no accuracy of any ensemble. {words.make_again()}")
