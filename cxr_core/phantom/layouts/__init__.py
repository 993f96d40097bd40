"""The synthetic sites as files, in the layouts that the real datasets are published in."""
