"""Image files: from the file to harmonized pixels, and the cache that keeps them."""
