"""All SQL of the dashboard: a module per page, a function per question, each cached under the run that it asks."""
