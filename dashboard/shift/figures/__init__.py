"""The pictures of the page of shift."""
