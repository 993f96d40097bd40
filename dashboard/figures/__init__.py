"""Parts of figures that several pages share."""
