"""A synthetic hospital, two of them, and which causes set them apart."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from cxr_core.errors import SettingsError
from cxr_core.phantom.causes.clinic import Devices, Patients, Prevalence, View
from cxr_core.phantom.causes.imaging import Compression, Exposure, Marker, Scatter, Sharpness
from cxr_core.phantom.causes.labelling import Blank, Labels, Readers, Uncertain


@dataclass(frozen=True, kw_only=True)
class SyntheticSite:
    """A synthetic hospital: a field for each cause by which two of them can differ."""

    prevalence: Prevalence
    view: View
    patients: Patients
    devices: Devices
    exposure: Exposure
    scatter: Scatter
    sharpness: Sharpness
    compression: Compression
    labels: Labels
    readers: Readers
    uncertain: Uncertain
    blank: Blank
    marker: Marker


CAUSES = tuple(cause.name for cause in fields(SyntheticSite))
"""The names of the causes, as typed on the command line."""

SOURCE = SyntheticSite(
    prevalence=Prevalence(),
    view=View(),
    patients=Patients(),
    devices=Devices(),
    exposure=Exposure(),
    scatter=Scatter(),
    sharpness=Sharpness(),
    compression=Compression(),
    labels=Labels(),
    readers=Readers(),
    uncertain=Uncertain(),
    blank=Blank(),
    marker=Marker(),
)
EXTERNAL = SyntheticSite(
    prevalence=Prevalence(mix=(0.17, 0.13, 0.11, 0.26, 0.21, 0.12), second=0.20),
    view=View(ap=0.80),
    patients=Patients(age_years=62.0, women=0.42, fat_cm=0.9, further_images=0.6),
    devices=Devices(in_health=0.16, in_disease=0.30),
    exposure=Exposure(dose=0.5, contrast=0.88, brightness=-0.02, gamma=0.95),
    scatter=Scatter(ratio=0.6),
    sharpness=Sharpness(blur_cm=0.10, edges=0.2),
    compression=Compression(bits=8, jpeg_quality=70),
    labels=Labels(misnamed=0.04, missed=0.05, umbrella=0.15),
    readers=Readers(disagreement=1.5),
    uncertain=Uncertain(share=0.3),
    blank=Blank(share=0.85),
    marker=Marker(anyway=0.5, with_cardiomegaly=0.0),
)


def sites(
    causes: Sequence[str] = CAUSES, *, source: SyntheticSite = SOURCE, external: SyntheticSite = EXTERNAL
) -> tuple[SyntheticSite, SyntheticSite]:
    """A source site, and an external one that differs from it by the named causes alone.

    Args:
        causes: Names out of `CAUSES`; none: the two sites are equal.
        source: The first site.
        external: Where the named causes are taken from.

    Raises:
        SettingsError: If there is no cause of such a name.
    """
    unknown = [cause for cause in causes if cause not in CAUSES]
    if unknown:
        raise SettingsError(f"There is no cause {unknown[0]!r} by which sites differ. There are: {', '.join(CAUSES)}.")
    return source, replace(source, **{cause: getattr(external, cause) for cause in causes})
