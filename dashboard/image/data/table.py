"""What is said of one image, as downloads: a row a class, so that no class's name becomes a column's."""

from collections.abc import Sequence

from dashboard.image.data.answer import Answer
from dashboard.image.data.findings import FindingsAnswer
from dashboard.image.data.readings import Reading, as_stored
from dashboard.image.data.truth import Truth
from dashboard.results.database import RunKey
from dashboard.results.downloads import Row, beginning, image_rows, single
from dashboard.results.images import Key


def probability_rows(
    run: RunKey, key: Key, answer: Answer, truth: Truth | None, *, classes: Sequence[str]
) -> list[Row]:
    """A row a model and class, the ensemble first."""
    return [
        {
            **beginning(
                run, model=said.model, dataset=key[0], role=answer.role, policy=truth.policy if truth else None
            ),
            **named,
            "class": truth.finding if truth else None,
            "predicted": said.finding,
            "finding": finding,
            "probability": single(probability),
        }
        for named in image_rows(run, [key])
        for said in (answer.ensemble, *answer.members)
        for finding, probability in zip(classes, said.probability, strict=True)
    ]


def finding_rows(run: RunKey, key: Key, answer: FindingsAnswer, truth: Truth | None, *, model: str) -> list[Row]:
    """A row a finding: the score, its threshold, whether it is flagged and whether it is present."""
    present = dict(zip(truth.classes, truth.present, strict=False)) if truth is not None else {}
    start = beginning(run, model=model, dataset=key[0], role=answer.role, policy=truth.policy if truth else None)
    return [
        {
            **start,
            **named,
            "finding": said.finding,
            "probability": single(said.score),
            "threshold": said.threshold,
            "flagged": said.is_flagged,
            "present": present.get(said.finding),
        }
        for named in image_rows(run, [key])
        for said in answer.findings
    ]


def policy_rows(run: RunKey, key: Key, truths: Sequence[Truth]) -> list[Row]:
    """A row a label policy that knows the image, and class: present is 1, 0, or NaN where the policy does not know."""
    return [
        {
            **beginning(run, dataset=key[0], policy=truth.policy),
            **named,
            "class": truth.finding,
            "left_out": truth.left_out,
            "finding": finding,
            "present": present,
        }
        for named in image_rows(run, [key])
        for truth in truths
        for finding, present in zip(truth.classes, truth.present, strict=False)
    ]


def label_rows(run: RunKey, key: Key, found: Sequence[Reading]) -> list[Row]:
    """A row a finding and reader: 1, 0, -1 for uncertain, or None for not mentioned."""
    return [
        {
            **beginning(run, dataset=key[0]),
            **named,
            "name": reading.finding,
            "finding": reading.matched,
            "reader": reader,
            "value": as_stored(value),
        }
        for named in image_rows(run, [key])
        for reading in found
        for reader, value in reading.by_reader.items()
    ]
