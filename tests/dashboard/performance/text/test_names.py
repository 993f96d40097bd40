"""How metrics are read: what the catalogue says, and all of it."""

from cxr_core.metrics.catalogue import records
from dashboard.performance.text.names import explained, images_that_count, titled


def test_every_metric_that_is_shown_is_explained() -> None:
    said = explained()
    for metric in (*records(scope="overall"), *records(scope="class")):
        assert f"**{titled(metric.name)}**: " in said
        assert metric.how_to_read[1:] in said


def test_every_metric_of_a_class_says_what_it_rests_on() -> None:
    assert images_that_count() == (
        "Recall, F1 and average precision rest on the images with the finding; "
        "precision on the images predicted as the class; specificity on the images without the finding; "
        "AUROC on the fewer of the images with and without the finding."
    )


def test_a_title_begins_with_a_capital_and_keeps_its_own() -> None:
    assert [titled(name) for name in ("macro_f1", "auroc")] == ["Macro F1", "AUROC"]
