"""Controls that write to the address."""

from streamlit.testing.v1 import AppTest


def _script() -> None:
    import streamlit as st

    from dashboard.url_choice import url_choice

    shown = url_choice("show", "Show", {"share": "share of row", "counts": "counts"}, clears=("part",))
    sex = url_choice("sex", "Sex", {"": "any", "F": "women", "M": "men"}, clears=("part",), look="field")
    st.text(f"{shown} {sex or 'any'}")


def _opened(**address: str) -> AppTest:
    app = AppTest.from_function(_script)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def test_the_address_says_what_is_shown() -> None:
    assert _opened().text[0].value == "share any"
    assert _opened(show="counts", sex="M").text[0].value == "counts M"
    assert _opened(show="nonsense", sex="X").text[0].value == "share any"


def test_a_choice_goes_to_the_address_and_the_default_leaves_it() -> None:
    app = _opened(part="3", other="stays")
    app.segmented_control(key="choose_show").set_value("counts").run()
    assert app.text[0].value == "counts any"
    assert app.query_params == {"show": "counts", "other": "stays"}
    app.segmented_control(key="choose_show").set_value("share").run()
    assert app.query_params == {"other": "stays"}


def _named() -> None:
    import streamlit as st

    from dashboard.url_choice import url_choice

    names = st.query_params["names"].split(",")
    st.text(url_choice("of", "Class", names))


def test_few_are_side_by_side_where_their_names_are_only_text() -> None:
    app = AppTest.from_function(_named)
    app.query_params["names"] = "a,**b**"
    (few,) = app.run().segmented_control
    assert few.options == ["a", r"\*\*b\*\*"]
    few.set_value("**b**").run()
    assert (app.text[0].value, app.query_params["of"]) == ("**b**", "**b**")


def test_many_are_in_a_list() -> None:
    app = AppTest.from_function(_named)
    app.query_params["names"] = ",".join(f"class {i}" for i in range(30))
    app.run()
    assert not app.segmented_control
    app.selectbox(key="choose_of").set_value("class 29").run()
    assert (app.text[0].value, app.query_params["of"]) == ("class 29", "class 29")
    app.selectbox(key="choose_of").set_value("class 0").run()
    assert "of" not in app.query_params


def test_a_pick_goes_to_the_address_and_any_leaves_it() -> None:
    app = _opened()
    app.selectbox(key="pick_sex").set_value("F").run()
    assert (app.text[0].value, app.query_params) == ("share F", {"sex": "F"})
    app.selectbox(key="pick_sex").set_value("").run()
    assert (app.text[0].value, app.query_params) == ("share any", {})
