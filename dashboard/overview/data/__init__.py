"""Numbers of the overview."""
