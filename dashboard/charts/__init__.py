"""Plotly figures, a module per page. Marks are labelled where they stand, and carry the colours of the palette."""
