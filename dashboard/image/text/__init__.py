"""Image: why this answer? in words, a room for each part of the page."""
