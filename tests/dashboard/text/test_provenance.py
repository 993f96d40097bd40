from dashboard.results.comparison import Comparison
from dashboard.results.database import RunKey
from dashboard.results.side import Side
from dashboard.text.provenance import Provenance, images, of_tests

COMPARISON = Comparison(
    run=RunKey(name="demo", path="", changed_ns=0),
    model="split",
    internal_dataset="vinbigdata",
    internal_policy="any_reader",
    external_dataset="st_elsewhere",
    external_policy="u_ignore",
    synthetic=frozenset({"vinbigdata"}),
)


def test_the_line_says_run_model_and_of_each_test_dataset_policy_and_images_and_which_are_synthetic() -> None:
    source = of_tests(COMPARISON, name="overview", title="accuracy", n={Side.INTERNAL: 1341, Side.EXTERNAL: 592})
    assert source.heading == "Accuracy"
    assert source.line().split(" \u00b7 ") == [
        "run demo",
        "split, ensemble",
        "\u25cf internal test: VinBigData (synthetic), any reader, n = 1,341",
        "\u25c6 external test: st_elsewhere, uncertain left out, n = 592",
    ]


def test_only_what_is_shown_is_said_and_images_that_are_no_test_are_called_so() -> None:
    called = {Side.INTERNAL: "training images"}
    line = of_tests(COMPARISON, name="", title="", n={Side.INTERNAL: 12}, called=called).line()
    assert line.endswith("\u25cf training images: VinBigData (synthetic), any reader, n = 12")


def test_where_classes_rest_on_different_images_the_fewest_and_the_most_are_said() -> None:
    assert images((212, 1044)) == "n = 212 to 1,044 by class"
    assert images((1044, 1044)) == images(1044) == "n = 1,044"


def test_no_page_waits_for_the_line() -> None:
    def fails() -> list[str]:
        raise AssertionError

    Provenance(run="demo", name="one", title="One", parts=fails)


def test_a_files_name_is_of_letters_that_every_system_takes() -> None:
    source = Provenance(run="../r\u00fcn 1", name="curves_Nodule/Mass <b>", title="")
    assert source.stem == "r-n-1_curves_Nodule-Mass-b"
    assert len(Provenance(run="r" * 300, name="x", title="").stem) <= 120


def test_what_a_file_calls_a_class_stays_on_one_line() -> None:
    assert Provenance(run="a\nb", name="", title="x\ny").line() == "run a b"
