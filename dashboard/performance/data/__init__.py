"""Which findings survive the journey? A room for each part of the page."""
