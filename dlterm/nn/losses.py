"""Losses: of predictions and targets the mean over the batch, one number. What each takes is said where it is made."""

from dlterm.engine.ops import binary_cross_entropy, cross_entropy, hinge, huber, mae, mse

__all__ = ["binary_cross_entropy", "cross_entropy", "hinge", "huber", "mae", "mse"]
