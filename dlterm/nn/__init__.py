"""Networks: layers, initialisers, ready models. They build graphs for the engine; nothing is computed here."""

from dlterm.nn.layers import ACTIVATIONS, Dropout, Linear, Sequential
from dlterm.nn.mlp import MLP, mlp

__all__ = ["ACTIVATIONS", "MLP", "Dropout", "Linear", "Sequential", "mlp"]
