"""Results that every page asks for: the runs, the two tests that are compared, and their numbers."""
