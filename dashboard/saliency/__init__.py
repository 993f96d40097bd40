"""Saliency: the places that a model looks at, beside the readers' boxes."""
