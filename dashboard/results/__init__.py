"""What every page asks of a run: which runs there are, the two tests that are compared, and their numbers."""
