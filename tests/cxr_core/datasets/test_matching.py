"""Names of datasets and of a run's classes."""

import pytest

from cxr_core import findings
from cxr_core.datasets.chexpert.names import LABELS
from cxr_core.datasets.chexpert.names import names as of_chexpert
from cxr_core.datasets.matching import match, unmatched
from cxr_core.datasets.vinbigdata.names import PHYSIONET_FINDINGS
from cxr_core.datasets.vinbigdata.names import names as of_vinbigdata

TORCHXRAYVISION = (
    "Atelectasis", "Consolidation", "Infiltration", "Pneumothorax", "Edema", "Emphysema", "Fibrosis", "Effusion",
    "Pneumonia", "Pleural_Thickening", "Cardiomegaly", "Nodule", "Mass", "Hernia", "Lung Lesion", "Fracture",
    "Lung Opacity", "Enlarged Cardiomediastinum",
)  # fmt: skip


def test_the_vocabulary_knows_the_names_of_the_field():
    assert [name for name in (*TORCHXRAYVISION, *LABELS) if findings.canonical(name) is None] == []


def test_no_name_is_two_findings():
    spelt = [findings.spelling(each) for name, others in findings.VOCABULARY.items() for each in (name, *others)]
    assert sorted(set(spelt)) == sorted(spelt)


def test_every_label_of_chexpert_means_the_class_of_its_name():
    found = of_chexpert(LABELS)
    assert [LABELS[each.class_index] for each in found] == [each.finding for each in found] == list(LABELS)


def test_a_related_name_stands_in_where_a_class_has_none_of_its_own():
    assert [(each.finding, each.grade) for each in match(("Nodule", "Mass"), classes=("Nodule/Mass",))] == [
        ("Nodule", "weak"),
        ("Mass", "weak"),
    ]
    assert [each.finding for each in match(("Nodule", "Nodule/Mass"), classes=("Nodule/Mass",))] == ["Nodule/Mass"]


@pytest.mark.parametrize(("name", "grade"), [("Pulmonary fibrosis", "close"), ("COPD", "exact")])
def test_a_name_of_the_class_goes_before_another_of_its_names(name, grade):
    (found,) = of_vinbigdata(PHYSIONET_FINDINGS, classes=(findings.named([name])[0],))
    assert (found.finding, found.grade) == (name, grade)


def test_a_class_without_a_name_is_unmatched():
    names = of_vinbigdata(PHYSIONET_FINDINGS, classes=("Hernia", "Edema"))
    assert unmatched(names, classes=("Hernia", "Edema")) == ("Hernia",)
