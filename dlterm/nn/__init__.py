"""Networks: layers, initialisers, losses, ready models. They build graphs for the engine; nothing is computed here."""

from dlterm.nn import losses
from dlterm.nn.activations import ACTIVATIONS
from dlterm.nn.attention import Position, SelfAttention, TransformerBlock
from dlterm.nn.cnn import cnn
from dlterm.nn.convolution import AvgPool2d, Conv2d, MaxPool2d, Upsample
from dlterm.nn.gan import GAN, gan
from dlterm.nn.initializers import INITIALIZERS
from dlterm.nn.layer import Layer
from dlterm.nn.layers import Dropout, Embedding, Flatten, Linear, Residual, Sequential
from dlterm.nn.mlp import mlp
from dlterm.nn.network import Network
from dlterm.nn.normalization import BatchNorm, GroupNorm, LayerNorm
from dlterm.nn.recurrent import LSTM, RNN
from dlterm.nn.summary import summary

__all__ = [
    "ACTIVATIONS",
    "GAN",
    "INITIALIZERS",
    "LSTM",
    "RNN",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "Dropout",
    "Embedding",
    "Flatten",
    "GroupNorm",
    "Layer",
    "LayerNorm",
    "Linear",
    "MaxPool2d",
    "Network",
    "Position",
    "Residual",
    "SelfAttention",
    "Sequential",
    "TransformerBlock",
    "Upsample",
    "cnn",
    "gan",
    "losses",
    "mlp",
    "summary",
]
