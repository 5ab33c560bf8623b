"""The vocabulary: every op, one file a family. Adding an op is adding a file here and its test."""

from dlterm.engine.ops.activations import (
    ACTIVATIONS,
    gelu,
    leaky_relu,
    relu,
    sigmoid,
    silu,
    softplus,
    step,
    tanh,
)
from dlterm.engine.ops.arithmetic import add, divide, multiply, negative, subtract
from dlterm.engine.ops.batch_norm import batch_norm
from dlterm.engine.ops.broadcast import (
    broadcast_to,
    broadcast_together,
    identity,
    reduce_mean,
    reduce_sum,
    sum_to,
)
from dlterm.engine.ops.clip_norm import clip_norm
from dlterm.engine.ops.conv2d import conv2d
from dlterm.engine.ops.cross_entropy import cross_entropy
from dlterm.engine.ops.dropout import dropout
from dlterm.engine.ops.einsum import einsum, matmul
from dlterm.engine.ops.embedding import embedding, pick
from dlterm.engine.ops.functions import absolute, exp, log, sqrt
from dlterm.engine.ops.joining import concat, stack, unstack, zeros
from dlterm.engine.ops.knock_out import knock_out
from dlterm.engine.ops.layer_norm import group_norm, layer_norm
from dlterm.engine.ops.linear import linear, linear_dw, linear_dx
from dlterm.engine.ops.loss import LOSSES
from dlterm.engine.ops.losses import binary_cross_entropy, hinge, huber, mae, mse
from dlterm.engine.ops.lstm import lstm_cell
from dlterm.engine.ops.movement import pad, slice, transpose
from dlterm.engine.ops.optimizers import HYPER, OPTIMIZERS
from dlterm.engine.ops.pooling import avg_pool2d, max_pool2d, reduce_max, upsample
from dlterm.engine.ops.reshape import reshape
from dlterm.engine.ops.sampling import bernoulli, categorical, normal, uniform
from dlterm.engine.ops.schedule import SCHEDULES, schedule
from dlterm.engine.ops.softmax import log_softmax, softmax

__all__ = [
    "ACTIVATIONS",
    "HYPER",
    "LOSSES",
    "OPTIMIZERS",
    "SCHEDULES",
    "absolute",
    "add",
    "avg_pool2d",
    "batch_norm",
    "bernoulli",
    "binary_cross_entropy",
    "broadcast_to",
    "broadcast_together",
    "categorical",
    "clip_norm",
    "concat",
    "conv2d",
    "cross_entropy",
    "divide",
    "dropout",
    "einsum",
    "embedding",
    "exp",
    "gelu",
    "group_norm",
    "hinge",
    "huber",
    "identity",
    "knock_out",
    "layer_norm",
    "leaky_relu",
    "linear",
    "linear_dw",
    "linear_dx",
    "log",
    "log_softmax",
    "lstm_cell",
    "mae",
    "matmul",
    "max_pool2d",
    "mse",
    "multiply",
    "negative",
    "normal",
    "pad",
    "pick",
    "reduce_max",
    "reduce_mean",
    "reduce_sum",
    "relu",
    "reshape",
    "schedule",
    "sigmoid",
    "silu",
    "slice",
    "softmax",
    "softplus",
    "sqrt",
    "stack",
    "step",
    "subtract",
    "sum_to",
    "tanh",
    "transpose",
    "uniform",
    "unstack",
    "upsample",
    "zeros",
]
