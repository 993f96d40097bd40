"""One's own hospital: a table of images or studies and their findings."""

from cxr_core.datasets.table.reader import read

__all__ = ["read"]
