"""What is said of every metric, and that nothing is said twice."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from cxr_core.metrics import catalogue
from cxr_core.metrics.names import snake_case
from cxr_core.metrics.record import RESTS_ON, TASKS, RestsOn, Scope, Task


def test_every_metric_has_a_mean_over_classes_that_says_what_of() -> None:
    of_class = [one.name for one in catalogue.records(scope="class")]
    # Accuracy is one of each finding at an operating point alone.
    assert [one.mean_of for one in catalogue.records(scope="macro")] == ["accuracy", *of_class]
    assert [one.name for one in catalogue.records(scope="macro")] == [
        f"macro_{name}" for name in ("accuracy", *of_class)
    ]
    assert catalogue.record("macro_f1").label == "macro F1"
    assert catalogue.record("balanced_accuracy").mean_of == "recall"


def test_names_are_unique_and_sentences_are_whole() -> None:
    every = catalogue.records()
    assert len({one.name for one in every}) == len(every)
    assert len({one.label for one in every}) == len(every)
    for one in every:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.name)
        assert re.fullmatch(r"[A-Z].{15,}\.", one.how_to_read)
        assert one.formula
        assert one.tasks or one.at_threshold


def test_what_a_record_may_say_has_words() -> None:
    assert tuple(TASKS) == get_args(Task)
    assert tuple(RESTS_ON) == get_args(RestsOn)
    assert {one.scope for one in catalogue.records()} == set(get_args(Scope))


def test_a_baseline_that_is_a_line_is_stored() -> None:
    assert catalogue.record("accuracy").baseline == "no_skill_best_constant"
    assert catalogue.record("no_skill_best_constant").scope == "no_skill"


def test_scores_alone_are_measured_in_both_tasks() -> None:
    names = {one.name for one in catalogue.records(task="finding")}
    assert names == {"auroc", "average_precision", "macro_auroc", "macro_average_precision"}
    assert names < {one.name for one in catalogue.records(task="single_class")}


def test_at_an_operating_point_everything_is_counted_and_has_a_mean() -> None:
    each, means = (catalogue.at_threshold(is_mean=is_mean) for is_mean in (False, True))
    assert {one.name for one in each} == {"recall", "specificity", "precision", "npv", "accuracy"}
    assert [one.mean_of for one in means] == [one.name for one in each]
    assert not {"npv", "macro_npv", "macro_accuracy"} & {one.name for one in catalogue.records(task="single_class")}
    with pytest.raises(ValueError, match="counts alone"):
        replace(catalogue.record("auroc"), at_threshold=("finding",))


def test_counts_and_what_takes_no_skill_have_no_gap() -> None:
    without = {one.scope for one in catalogue.records() if not one.has_gap}
    assert without == {"no_skill", "count"}


def test_every_count_has_the_record_of_counts() -> None:
    for name in catalogue.predicted_as(["No Finding", "Lung Opacity"]):
        assert catalogue.record(name).scope == "count"


def test_an_unknown_metric_is_none_or_says_what_is_known() -> None:
    assert catalogue.find("kappa") is None
    with pytest.raises(KeyError, match=r"kappa.*accuracy"):
        catalogue.record("kappa")


@pytest.mark.parametrize(
    "names",
    [
        ("Nodule/Mass", "Nodule-Mass", "nodule mass"),
        ("A", "a ", "A 0", "a_0"),
        ("Grade 1", "Grade 2"),
        ("肺炎", "结节"),
        ("?", "!", "class"),
        ("x" * 200, "x" * 199 + "y"),
        (),
    ],
)
def test_two_classes_never_share_a_name(names: tuple[str, ...]) -> None:
    found = catalogue.predicted_as(names)
    assert len(set(found)) == len(found) == len(names)
    assert all(len(name) <= 200 for name in found)


def test_a_class_alone_keeps_its_plain_name() -> None:
    names = ("No Finding", "Cardiomegaly", "Nodule/Mass", "Grade 1")
    assert snake_case(names) == ("no_finding", "cardiomegaly", "nodule_mass", "grade_1")


def test_a_class_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'Edema' twice"):
        snake_case(["Edema", "Mass", "Edema"])
