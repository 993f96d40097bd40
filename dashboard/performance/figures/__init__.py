"""Which findings survive the journey? The pictures, a room for each part of the page."""
