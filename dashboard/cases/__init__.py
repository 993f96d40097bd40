"""Cases: lists of images by answer and truth."""
