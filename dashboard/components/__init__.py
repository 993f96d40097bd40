"""Parts of a page that run in the browser: a folder each, with its JavaScript, its style and a typed function."""
