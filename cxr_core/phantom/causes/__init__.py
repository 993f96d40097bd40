"""The causes by which two synthetic hospitals can differ: fields of a site, each of them adjustable in its parts."""

from cxr_core.phantom.causes.clinic import Devices, Patients, Prevalence, View
from cxr_core.phantom.causes.imaging import Compression, Exposure, Marker, Scatter, Sharpness
from cxr_core.phantom.causes.labelling import Blank, Labels, Readers, Uncertain
from cxr_core.phantom.causes.site import CAUSES, EXTERNAL, SOURCE, SyntheticSite, sites

__all__ = [
    "CAUSES",
    "EXTERNAL",
    "SOURCE",
    "Blank",
    "Compression",
    "Devices",
    "Exposure",
    "Labels",
    "Marker",
    "Patients",
    "Prevalence",
    "Readers",
    "Scatter",
    "Sharpness",
    "SyntheticSite",
    "Uncertain",
    "View",
    "sites",
]
