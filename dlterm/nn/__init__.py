"""Networks: layers, initialisers, losses, ready models. They build graphs for the engine; nothing is computed here."""

from dlterm.nn import losses
from dlterm.nn.activations import ACTIVATIONS
from dlterm.nn.initializers import INITIALIZERS
from dlterm.nn.layer import Layer
from dlterm.nn.layers import Dropout, Flatten, Linear, Residual, Sequential
from dlterm.nn.mlp import mlp
from dlterm.nn.network import Network
from dlterm.nn.normalization import BatchNorm, GroupNorm, LayerNorm
from dlterm.nn.summary import summary

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "BatchNorm",
    "Dropout",
    "Flatten",
    "GroupNorm",
    "Layer",
    "LayerNorm",
    "Linear",
    "Network",
    "Residual",
    "Sequential",
    "losses",
    "mlp",
    "summary",
]
