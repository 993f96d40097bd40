"""Numbers of the page of labels, a module a part."""
