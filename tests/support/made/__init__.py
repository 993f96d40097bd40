"""Runs that nobody ran, with hand-made numbers: `runs` is the builder, the others add what a page needs."""
