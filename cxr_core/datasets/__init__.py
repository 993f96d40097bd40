"""One reader for each published dataset: its layouts, its names for the six classes, its label policies."""
