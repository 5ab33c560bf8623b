"""Convolution, pooling, upsampling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.engine import ops
from tests.engine.cases import Case
from tests.engine.support import each, once

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


def conv2d(image: tuple[int, int, int], outputs: int, kernel: tuple[int, int] = (3, 3), **how: Any) -> Case:
    def op(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
        return ops.conv2d(x, w, b, **how)

    def peer(torch: Any, x: Any, w: Any, b: Any) -> Any:
        return torch.nn.functional.conv2d(x, w, b, **how)

    weight = once(outputs, image[0] // how.get("groups", 1), *kernel)
    return Case(op, (each(*image), weight, once(outputs)), peer)


def pool(kind: str, image: tuple[int, int, int], **how: Any) -> Case:
    names = {"size": "kernel_size"}

    def peer(torch: Any, x: Any) -> Any:
        theirs = {names.get(name, name): value for name, value in {"size": 2, **how}.items()}
        return getattr(torch.nn.functional, kind)(x, **theirs)

    return Case(lambda x: getattr(ops, kind)(x, **how), (each(*image),), peer)


CASES: dict[str, Case] = {
    "conv2d": conv2d((2, 5, 4), 3),
    "conv2d of one pixel": conv2d((3, 1, 1), 2, (1, 1)),
    "conv2d, padded": conv2d((3, 6, 5), 9, padding=1),
    "conv2d of nine channels": conv2d((9, 4, 4), 17, padding=1),
    "conv2d with a stride": conv2d((2, 7, 6), 5, stride=2, padding=1),
    "conv2d with a stride each way": conv2d((2, 9, 8), 4, (2, 4), stride=(3, 2), padding=(1, 2)),
    "conv2d, dilated": conv2d((2, 8, 7), 3, dilation=2, padding=2),
    "conv2d, dilated with a stride": conv2d(
        (1, 9, 10), 2, (3, 2), dilation=(2, 3), stride=(3, 2), padding=(2, 3)
    ),
    "conv2d in groups": conv2d((4, 5, 5), 6, groups=2, padding=1),
    "conv2d, depthwise": conv2d((5, 4, 4), 5, groups=5, padding=1),
    "conv2d, padded far out": conv2d((2, 3, 2), 2, padding=4),
    "conv2d with a stride beyond the kernel": conv2d((2, 7, 7), 3, (2, 2), stride=3),
    "reshape": Case(
        lambda x: ops.reshape(x * 2.0, shape=(6, 2)), (each(3, 4),), lambda t, x: 2 * x.reshape(-1, 6, 2)
    ),
    **{
        f"{kind}{name}": pool(kind, image, **how)
        for kind in ("max_pool2d", "avg_pool2d")
        for name, image, how in [
            ("", (3, 4, 6), {}),
            (" of what is left over", (2, 5, 7), {}),
            (", overlapping", (2, 6, 5), {"size": 3, "stride": 2}),
            (", padded", (2, 5, 5), {"size": 3, "stride": 1, "padding": 1}),
            (" of the whole image", (3, 4, 5), {"size": (4, 5)}),
            (" with gaps", (2, 8, 7), {"size": (2, 1), "stride": (3, 4)}),
        ]
    },
    "upsample": Case(
        lambda x: ops.upsample(x, scale=(2, 3)),
        (each(2, 3, 2),),
        lambda t, x: t.nn.functional.interpolate(x, scale_factor=(2, 3)),
    ),
}
