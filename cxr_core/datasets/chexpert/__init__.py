"""CheXpert (Irvin et al., AAAI 2019): labels mined from reports, the test sets' by radiologists."""

from cxr_core.datasets.chexpert.reader import read

__all__ = ["read"]
