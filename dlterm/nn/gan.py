"""Two networks against each other: one makes examples of noise, the other tells them from real ones.

Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014, arXiv:1406.2661.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.engine import ops
from dlterm.engine.graph import constant
from dlterm.engine.ops.broadcast import broadcast
from dlterm.engine.plan import Training

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor
    from dlterm.nn.layer import Layer


@dataclass(frozen=True)
class GAN:
    """The tensors of both networks, and the two trainings that a step takes in turn, the discriminator's first."""

    noise: Tensor
    samples: Tensor  # what the generator makes of the noise
    discriminator_loss: Tensor
    generator_loss: Tensor
    trainings: tuple[Training, Training]


def gan(
    real: Tensor,
    generator: Layer,
    discriminator: Layer,
    *,
    noise: int,
    optimizer: str = "adam",
    name: str = "noise",
) -> GAN:
    """Train `generator`, from `noise` normal numbers to an example like `real`, against `discriminator`, to one logit.

    The generator's loss is the one that does not saturate: the surprise of the discriminator's taking its sample for
    real.
    """
    z = ops.normal((noise,), stream=zlib.crc32(name.encode()))
    samples = generator(z)
    true, false = discriminator(real), discriminator(samples)
    mistaken = _surprise(true, 1.0) + _surprise(false, 0.0)
    caught = _surprise(false, 1.0)
    trainings = (
        Training(mistaken, discriminator.parameters(), optimizer),
        Training(caught, generator.parameters(), optimizer),
    )
    return GAN(z, samples, mistaken, caught, trainings)


def _surprise(logits: Tensor, answer: float) -> Tensor:
    return ops.binary_cross_entropy(logits, broadcast(constant(answer, f"{answer:g}"), logits.spec))
