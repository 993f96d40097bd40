"""Words of the overview, a module a part."""
