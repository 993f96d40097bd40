"""Numbers of the page of confusion."""
