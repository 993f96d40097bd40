"""The causes by which two synthetic hospitals can differ: fields of a site, each of them adjustable in its parts."""

from cxr_core.phantom.causes.clinic import Devices, Patients, Prevalence, View
from cxr_core.phantom.causes.imaging import Compression, Exposure, Marker, Scatter, Sharpness
from cxr_core.phantom.causes.labelling import Blank, Labels, Readers, Uncertain
from cxr_core.phantom.causes.site import ABROAD, CAUSES, HOME, Site, sites

__all__ = [
    "ABROAD",
    "CAUSES",
    "HOME",
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
    "Site",
    "Uncertain",
    "View",
    "sites",
]
