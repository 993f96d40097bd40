"""Lists of images of one test: which, in what order, and where one stands in its list."""
