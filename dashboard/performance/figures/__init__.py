"""Pictures of performance, a module a part of the page."""
