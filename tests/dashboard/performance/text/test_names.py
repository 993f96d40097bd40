"""How metrics are called."""

from dashboard.performance.text.names import METRICS, titled


def test_recall_and_precision_are_offered_under_both_of_their_names() -> None:
    assert list(METRICS.values()) == [
        "recall (sensitivity)",
        "precision (PPV)",
        "F1",
        "specificity",
        "AUROC",
        "average precision",
    ]


def test_a_title_begins_with_a_capital_and_keeps_its_own() -> None:
    assert [titled(name) for name in ("macro_f1", "auroc")] == ["Macro F1", "AUROC"]
