"""The names of the ways to make saliency."""

_METHODS = {"cam": "class activation", "gradcam++": "Grad-CAM++", "layercam": "LayerCAM", "eigencam": "EigenCAM"}


def method(name: str) -> str:
    """How saliency was made, in a word or two, plain text."""
    return _METHODS.get(name, name.replace("_", " "))
