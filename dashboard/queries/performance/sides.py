"""What a table to take along calls the two tests."""

from dashboard.queries.predictions import Side

SIDES: dict[Side, str] = {"home": "internal test", "abroad": "external test"}
