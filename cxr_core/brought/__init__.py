"""Predictions of models made elsewhere: from people's tables to the images that they speak of."""

from cxr_core.brought.assigned import Assigned, Assignment, assign
from cxr_core.brought.checks import check_softmax
from cxr_core.brought.ids import Met, meet
from cxr_core.brought.reading import read
from cxr_core.brought.records import Brought, FindingMatch, ModelOutputs, NamedFile, Places
from cxr_core.brought.studies import by_study, per_study

__all__ = [
    "Assigned",
    "Assignment",
    "Brought",
    "FindingMatch",
    "Met",
    "ModelOutputs",
    "NamedFile",
    "Places",
    "assign",
    "by_study",
    "check_softmax",
    "meet",
    "per_study",
    "read",
]
