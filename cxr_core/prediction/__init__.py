"""Predictions of a member: one pass through the images, in shards that are kept.

Every room of this folder needs torch, so naming them here makes no import heavier.
"""

from cxr_core.prediction.inference import Predictions, predict
from cxr_core.prediction.shards import PredictionTask, load, predict_shard

__all__ = ["PredictionTask", "Predictions", "load", "predict", "predict_shard"]
