"""One's own hospital: a CSV file of images and the six findings."""

from cxr_core.datasets.table.reader import read

__all__ = ["read"]
