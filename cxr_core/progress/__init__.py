"""Progress of a run that is still going on: its process keeps a journal, and pages read the report in it."""
