"""Training, and a run still going on, in words."""
