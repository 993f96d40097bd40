"""Numbers of the page of performance, a module a part."""
