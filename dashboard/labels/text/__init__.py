"""What do the two sites call by the same name? The answers in words, a module a part of the page."""
