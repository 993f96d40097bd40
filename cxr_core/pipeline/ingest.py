"""Brings the images of every dataset of a run into the cache, and what their headers say into its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cxr_core import labels
from cxr_core.errors import DataError
from cxr_core.experiment import Views
from cxr_core.images import cache
from cxr_core.images.decode import notes
from cxr_core.labels import Presence
from cxr_core.manifest import Manifest, Reference
from cxr_core.pipeline import image_facts
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.inclusion import Inclusion, exclusion_reasons, has_view
from cxr_core.pipeline.sites import Dataset, Planned
from cxr_core.splits import Mask


def ingest(datasets: Sequence[Planned], *, inclusion: Inclusion, size_px: int, context: RunContext) -> list[Dataset]:
    """Brings the images of every dataset into the cache.

    Args:
        datasets: All of a run.
        inclusion: Which of their images.
        size_px: Side of the square images.
        context: Of the run.
    """
    if any(planned.manifest.images["file"].notna().any() for planned in datasets):
        context.progress.say("Bringing the images to one form")
    marked = [planned.manifest.dataset for planned in datasets if planned.manifest.synthetic]
    context.progress.mark_synthetic(tuple(marked))
    found: list[Dataset] = []
    for planned in datasets:
        one = _ingest_dataset(planned, inclusion=inclusion, size_px=size_px, context=context)
        present = one.references[one.manifest.default_policy.name].present
        earlier = {other.name: other.images["content_hash"] for other in found}
        about = duplicate_notes(one.images["content_hash"], present, earlier=earlier)
        found.append(replace(one, notes=(*one.notes, *about)))
        drawn = dict.fromkeys([*marked, *(dataset.name for dataset in found if dataset.synthetic)])
        context.progress.mark_synthetic(tuple(drawn))
    for dataset in found:
        for note in dataset.notes:
            context.progress.say(f"  {dataset.name}: {note}")
    return found


def _ingest_dataset(planned: Planned, *, inclusion: Inclusion, size_px: int, context: RunContext) -> Dataset:
    manifest = planned.manifest
    images = manifest.images.copy()
    votes = labels.votes(manifest)
    references = {policy.name: labels.apply(policy, votes) for policy in manifest.policies}
    images["left_out"] = exclusion_reasons(manifest, references, role=planned.role, inclusion=inclusion)
    images["position"] = np.arange(len(images))
    wanted = np.flatnonzero(images["left_out"].isna() & images["file"].notna())
    chosen = images.iloc[wanted]
    results = _filled(manifest, chosen, size_px=size_px, context=context)
    cached = {int(row): result for row, result in zip(wanted, results, strict=True) if isinstance(result, cache.Cached)}
    rejected = [
        (file, result.reason)
        for file, result in zip(chosen["file"], results, strict=True)
        if isinstance(result, cache.Rejected)
    ]
    images = _merged(images, cached, views=inclusion.views, needs_images=planned.needs_images)
    kept = images.pop("kept").to_numpy(np.bool_)
    if not (images["content_hash"].notna() if planned.needs_images else images["left_out"].isna()).any():
        raise DataError(_nothing_left(manifest, rejected))
    attributes, not_taken = image_facts.attributes(
        images[kept], of_table=manifest.attributes, of_headers={row: result.facts for row, result in cached.items()}
    )
    return Dataset(
        manifest=manifest,
        site=planned.site,
        role=planned.role,
        images=images[kept].reset_index(drop=True),
        references={name: _subset(reference, kept) for name, reference in references.items()},
        described={policy.name: policy.described(votes[kept]) for policy in manifest.policies},
        rejected=(*manifest.rejected, *rejected),
        unit=planned.unit,
        role_basis=planned.role_basis,
        attributes=attributes,
        synthetic=manifest.synthetic or any(result.facts.synthetic for result in cached.values()),
        notes=(*_notes(chosen["view"], results, is_marked=manifest.synthetic), *not_taken),
    )


def _filled(
    manifest: Manifest, chosen: pd.DataFrame, *, size_px: int, context: RunContext
) -> list[cache.Cached | cache.Rejected]:
    paths = [manifest.path(*names) for names in zip(chosen["image_id"], chosen["file"], strict=True)]
    with context.progress.stage(
        "decode",
        total=len(chosen),
        is_estimate=True,
        dataset=manifest.dataset,
        label=f"  {manifest.dataset}",
        unit=" images",
    ) as meter:
        place = context.workspace.cache
        return cache.fill(paths, cache=place, size_px=size_px, executor=context.executor, meter=meter)


def _merged(
    images: pd.DataFrame, cached: Mapping[int, cache.Cached], *, views: Views, needs_images: bool
) -> pd.DataFrame:
    """Adds what the files say, by the row, to what the tables say."""
    files = pd.DataFrame(
        [(result.content_hash, result.picture_hash, result.width, result.height) for result in cached.values()],
        columns=["content_hash", "picture_hash", "width", "height"],
        index=list(cached),
    )
    images = image_facts.with_columns(images.join(files), {row: result.facts for row, result in cached.items()})
    images["kept"] = images["left_out"].notna() | images["content_hash"].notna() | (not needs_images)
    late = images["left_out"].isna() & images["kept"]
    not_seen = ~has_view(images["view"], views) | (images["view"].isna() & (views in ("PA", "AP")))
    images.loc[late & not_seen, ["left_out", "content_hash", "picture_hash"]] = ["view", None, None]
    return images


def _notes(views: pd.Series, results: Sequence[cache.Cached | cache.Rejected], *, is_marked: bool) -> tuple[str, ...]:
    """What was guessed in the files, and what their headers say that the table does not."""
    read = [(view, result) for view, result in zip(views, results, strict=True) if isinstance(result, cache.Cached)]
    said = list(notes.said(note for _, result in read for note in result.notes))
    clashing = sum(result.facts.view == "lateral" and view in ("PA", "AP", "frontal") for view, result in read)
    if clashing:
        said.append(
            f"Images that are frontal by the table and lateral by their header: {clashing}; the table was followed."
        )
    drawn = sum(bool(result.facts.synthetic) for _, result in read)
    if drawn and not is_marked:
        said.append(
            f"Images whose header says that a computer drew them: {drawn} of {len(read)}; the site is synthetic."
        )
    return tuple(said)


def _subset(reference: Reference, kept: Mask) -> Reference:
    return Reference(
        classes=reference.classes[kept], left_out=reference.left_out[kept], present=reference.present[kept]
    )


def _nothing_left(manifest: Manifest, rejected: Sequence[tuple[str, str]]) -> str:
    said = f"{manifest.dataset}: of {len(manifest.images)} images in its tables none could be used"
    if rejected:
        file, reason = rejected[0]
        return f"{said}; {len(rejected)} were rejected, the first of them {file}: {reason}."
    return f"{said}: all are left out by the choice of views. Choose other --views."


def duplicate_notes(contents: pd.Series, present: Presence, *, earlier: Mapping[str, pd.Series]) -> tuple[str, ...]:
    """What must be known of a dataset's exposures, in numbers alone.

    Args:
        contents: The content hash of each image, None where its pixels are not at hand.
        present: Shape ``(images, k)``, the reference standard under the default policy: 1, 0, NaN (unknown).
        earlier: From the name of each dataset of the run that was read before to its content hashes.
    """
    at_hand = contents.notna().to_numpy()
    own = contents[at_hand].reset_index(drop=True)
    said = []
    if repeated := set(own[own.duplicated()]):
        stated = pd.DataFrame(np.nan_to_num(present[at_hand], nan=-1)).assign(content=own).drop_duplicates()
        differing = stated["content"][stated["content"].duplicated()].nunique()
        said.append(
            f"Exposures that are here more than once: {len(repeated):,}; of these under labels that differ: "
            f"{differing:,}."
        )
    for name, others in earlier.items():
        if shared := int(own.isin(set(others.dropna())).sum()):
            said.append(
                f"Images whose exposure is in {name} too: {shared:,} of {len(own):,}. What a model learned from is no "
                "test of it."
            )
    return tuple(said)
