"""The networks: architectures, starting weights, weights on disk, and the device they run on.

Every room of this folder needs torch, so naming them here makes no import heavier.
"""

from cxr_core.network.classifier import Classifier, build, load
from cxr_core.network.device import choose_device, reproducible
from cxr_core.network.images import as_input

__all__ = ["Classifier", "as_input", "build", "choose_device", "load", "reproducible"]
