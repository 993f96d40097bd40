"""The image that the page shows, and all that is told of it."""

from dataclasses import dataclass
from typing import Literal

from dashboard import image_list, state
from dashboard.image.data.answer import Answer, answer, role
from dashboard.image.data.findings import FindingsAnswer, findings_answer
from dashboard.image.data.record import Record, record
from dashboard.image.data.truth import Truth, truths
from dashboard.image.text.picture import id_note
from dashboard.results import pictures
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import holdings
from dashboard.results.images import Key
from dashboard.results.pictures import Picture


@dataclass(frozen=True, kw_only=True)
class ImageContext:
    """One image.

    Attributes:
        comparison: Run, model, sites and policies.
        picture: The image.
        record: What its dataset says of it.
        role: In which the model was asked; None if it was not.
        answer: What the model says; None if it was not asked, or gives no single answer.
        truths: Its class under each policy of its dataset.
        findings: What the model says of each finding, where one does not exclude the others; None else.
    """

    comparison: Comparison
    picture: Picture
    record: Record
    role: str | None
    answer: Answer | None
    truths: tuple[Truth, ...]
    findings: FindingsAnswer | None

    @property
    def key(self) -> Key:
        """Its dataset and id."""
        return self.picture.key

    @property
    def site(self) -> str:
        """Its dataset as pages name it, plain text."""
        return self.comparison.site(self.key[0])

    @property
    def noun(self) -> Literal["image", "study"]:
        """What it is: ``image``, or ``study``."""
        return "study" if self.key[0] in self.comparison.studies else "image"

    @property
    def truth(self) -> Truth | None:
        """Its class under the policy that is picked for its dataset, else under the dataset's own."""
        picked = {
            self.comparison.internal_dataset: self.comparison.internal_policy,
            self.comparison.external_dataset: self.comparison.external_policy,
        }.get(self.key[0])
        return next((each for each in self.truths if each.policy == picked), next(iter(self.truths), None))

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of the members that count for it."""
        if self.findings is not None:
            return self.findings.models
        return tuple(member.model for member in self.answer.members) if self.answer else ()

    def id_note(self, whose: Literal["image", "study", "patient"]) -> str:
        """What to do with the id of this image or its patient, plain text."""
        return id_note(whose, run=self.comparison.run.name, reader=self.record.reader)


def named_key(comparison: Comparison) -> Key | None:
    """The image that the address names; None if it names none, or one that the run does not hold, which is noted."""
    dataset, image = state.asked("of"), state.asked("img")
    if dataset is None and image is None:
        return None
    if dataset is None or image is None or record(comparison.run, key=(dataset, image)) is None:
        for key in ("of", "img"):
            state.miss(key, "an image that this run does not hold")
        return None
    return dataset, image


def shown_key(comparison: Comparison) -> Key | None:
    """The image that the address names, else the one to open with; None if there is neither."""
    named = named_key(comparison)
    return image_list.default_image(comparison) if named is None and not state.missed() else named


def image_context(comparison: Comparison, key: Key) -> ImageContext | None:
    """All that is told of an image; None if the run does not hold it."""
    picture, stored = pictures.load_pictures(comparison.run, (key,)).get(key), record(comparison.run, key=key)
    if picture is None or stored is None:
        return None
    return ImageContext(
        comparison=comparison,
        picture=picture,
        record=stored,
        role=role(comparison.run, model=comparison.answering(key[0]), key=key),
        answer=answer(comparison.run, model=comparison.answering(key[0]), key=key),
        truths=truths(comparison.run, key=key),
        findings=findings_answer(comparison.run, model=comparison.answering(key[0]), key=key)
        if holdings(comparison).has_findings
        else None,
    )
