"""Pictures on their way out of the page: safe SVG, and PDF of it or of pixels."""
