"""The labels of both sites in words, a module a part of the page."""
