"""What a table to take along calls the two tests."""

from dashboard.results.side import Side

SIDES: dict[Side, str] = {Side.INTERNAL: "internal test", Side.EXTERNAL: "external test"}
