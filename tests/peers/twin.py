"""A network's twin in PyTorch, trained on the same batches from the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.random import permutation, uniform
from tests.peers.support import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.support import Net

F = torch.nn.functional
LOSSES = {
    "mse": F.mse_loss,
    "binary_cross_entropy": F.binary_cross_entropy_with_logits,
    "cross_entropy": F.cross_entropy,
    "mae": F.l1_loss,
    "huber": F.huber_loss,
    "hinge": lambda p, y: torch.clamp(1 - (2 * y - 1) * p, min=0).mean(),
}


class Twin:
    """`hyper` are the machine's hyper-parameters, all that the optimiser reads; `lr` may be changed between steps."""

    def __init__(
        self,
        net: Net,
        seed: int,
        *,
        activation: str,
        loss: str,
        optimizer: str,
        clip: float | None = None,
        schedule: str = "constant",
        **hyper: float,
    ) -> None:
        self.seed, self.step, self.hyper = seed, 0, hyper
        self.clip, self.norms = clip, list[float]()
        self.activation, self.loss = getattr(F, activation), LOSSES[loss]
        self.parameters = {t.name: torch.tensor(t.initial, requires_grad=True) for t in net.plan.parameters}
        self.weights = [p for name, p in self.parameters.items() if name.endswith("weight")]
        self.biases = [p for name, p in self.parameters.items() if name.endswith("bias")]
        instructions = net.plan.tapes["train"].instructions
        self.streams = [i.node.attributes["stream"] for i in instructions if i.op.name == "dropout"]
        self.optimizer = self._optimizer(optimizer)
        self.schedule = self._schedule(schedule)
        self._batches = _batches(net, seed)

    def set_lr(self, lr: float) -> None:
        """From the next step on; where a schedule is, it is the rate that this one begins with."""
        if self.schedule is None:
            for group in self.optimizer.param_groups:
                group["lr"] = lr

    def train(self, steps: int) -> list[float]:
        """The loss of every step."""
        return [self._train_step(*next(self._batches)) for _ in range(steps)]

    def _optimizer(self, name: str) -> Any:
        decayed = {"params": self.weights, "weight_decay": self.hyper["l2"]}
        groups = [decayed, {"params": self.biases, "weight_decay": 0.0}]
        lr, epsilon, momentum = (self.hyper[key] for key in ("lr", "epsilon", "momentum"))
        if name == "adam":
            return torch.optim.Adam(groups, lr=lr, eps=epsilon)
        if name == "adamw":
            return torch.optim.AdamW(groups, lr=lr, eps=epsilon)
        if name == "rmsprop":
            return torch.optim.RMSprop(groups, lr=lr, eps=epsilon)
        if name == "sgd":
            return torch.optim.SGD(groups, lr)
        return torch.optim.SGD(groups, lr, momentum, nesterov=name == "nesterov" and momentum > 0)

    def _schedule(self, name: str) -> Any:
        rates = torch.optim.lr_scheduler
        if name == "step":
            return rates.StepLR(self.optimizer, int(self.hyper["period"]), self.hyper["gamma"])
        if name == "cosine":
            return rates.CosineAnnealingLR(self.optimizer, int(self.hyper["period"]))
        if name == "warmup":
            rising = int(self.hyper["warmup"])
            return rates.LinearLR(self.optimizer, 1 / (rising + 1), total_iters=rising)
        return None

    def _train_step(self, x: Any, y: Any) -> float:
        loss = self.loss(self._forward(x), y)
        self.optimizer.zero_grad()
        loss.backward()
        self._penalise()
        if self.clip is not None:
            norm = torch.nn.utils.clip_grad_norm_(list(self.parameters.values()), self.clip)
            self.norms.append(float(norm))
        self.optimizer.step()
        if self.schedule is not None:
            self.schedule.step()
        self.step += 1
        return float(loss.detach())

    def _penalise(self) -> None:
        """L1, which PyTorch's optimisers do not know; of AdamW it is decoupled, as its own decay is."""
        for weight in self.weights:
            sign = self.hyper["l1"] * weight.detach().sign()
            if isinstance(self.optimizer, torch.optim.AdamW):
                lr = self.optimizer.param_groups[0]["lr"]
                weight.data -= lr * sign / (1 - lr * self.hyper["l2"])  # its own decay comes after this one
            else:
                weight.grad += sign

    def _forward(self, h: Any) -> Any:
        *hidden, output = zip(self.weights, self.biases, strict=True)
        for layer, (weight, bias) in enumerate(hidden):
            h = self._dropout(self.activation(F.linear(h, weight, bias)), layer)
        return F.linear(h, *output)

    def _dropout(self, h: Any, layer: int) -> Any:
        if not self.streams:
            return h
        u = uniform(self.seed, self.streams[layer], self.step, np.arange(h.numel())).reshape(h.shape)
        p = self.hyper["dropout"]
        return h * torch.tensor(u >= np.float32(p)) / (1 - p)


def _batches(net: Net, seed: int) -> Iterator[list[Any]]:
    """Each epoch's batches in the order that the machine sees them: inputs and targets."""
    examples, epoch = len(net.feeds[0].array), 0
    while True:
        order = permutation(seed, epoch, examples)
        for start in range(0, examples, net.plan.batch):
            yield [torch.tensor(feed.array[order[start : start + net.plan.batch]]) for feed in net.feeds]
        epoch += 1
