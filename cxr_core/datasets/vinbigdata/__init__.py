"""VinBigData, or VinDr-CXR (Nguyen et al., Scientific Data 2022): three radiologists read each image and drew boxes."""

from cxr_core.datasets.vinbigdata.reader import read

__all__ = ["read"]
