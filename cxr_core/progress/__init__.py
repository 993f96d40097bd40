"""How far a run that is still going on is: its process keeps a journal, and pages read the report in it."""
