"""einsum: y[g, r, c] = scale sum_k a[g, r, k] b[g, k, c], in any order of the axes; matmul is one of its patterns.

Every index of a pattern is of one of four kinds: a group g (in a, b and y), a row r (in a and y), a column c (in b and
y), or contracted, k (in a and b). Neighbours of one kind count as one index; more than one of a kind is refused. A
kernel takes a stride for every kind, so a transposed operand costs nothing, and the gradients, da = dy b and db = a dy
over the same letters, are einsums again.

In memory a batched operand has the batch as one more index, of sixteen lanes at a time. What the lanes do makes the
four kernels: both operands batched (attention), one of them (a product with weights), both with the sum over the batch
(the gradient of those weights), neither.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, fma, helper, lane, load, offset, splat, total_four
from dlterm.engine.vector_math import put, put_number

F = np.float32
_UNIT = 2**40  # a row holds integers: the scale is counted in units of 1 / _UNIT


def einsum(pattern: str, a: Tensor, b: Tensor, *, scale: float = 1.0) -> Tensor:
    """The sum of products that the pattern names, times `scale`, as in NumPy: `"thd,uhd->htu"`.

    The letters stand for the axes of one example; where an operand is batched, so is the result. Raises ValueError
    where shapes do not fit, a letter has no partner, or two that are not neighbours are of one kind.
    """
    if b.batched or not a.batched:
        return _choose(a, b)(a, b, pattern=pattern, scale=scale)
    first, second, out = _letters(pattern)
    return _choose(b, a)(b, a, pattern=f"{second},{first}->{out}", scale=scale)


def matmul(a: Tensor, b: Tensor, *, transpose_a: bool = False, transpose_b: bool = False) -> Tensor:
    """The product of matrices [*lead, M, K] and [*lead, K, N], example by example: [*lead, M, N].

    A transposed operand is given as [*lead, K, M], or [*lead, N, K]. Raises ValueError where shapes do not fit.
    """
    if len(a.shape) != len(b.shape) or len(a.shape) < 2:
        raise ValueError(f"matmul takes two matrices, or stacks of as many axes, not {a} and {b}")
    lead = "abcdefghij"[: len(a.shape) - 2]
    first, second = "km" if transpose_a else "mk", "nk" if transpose_b else "kn"
    return einsum(f"{lead}{first},{lead}{second}->{lead}mn", a, b)


# --- patterns -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Axis:
    """One kind of index: how many it counts, and its stride in a, b and y (0 where it does not occur)."""

    size: int
    a: int
    b: int
    y: int


def _letters(pattern: str) -> tuple[str, str, str]:
    operands, arrow, out = pattern.partition("->")
    first, comma, second = operands.partition(",")
    if not arrow or not comma or not all(part.isalpha() or not part for part in (first, second, out)):
        raise ValueError(f'einsum: "{pattern}" is no pattern such as "mk,kn->mn"')
    return first, second, out


def _axes(pattern: str, a: Spec, b: Spec) -> tuple[_Axis, _Axis, _Axis, _Axis]:
    """Groups, rows, columns, contracted. Raises ValueError."""
    parts = _letters(pattern)
    sizes = _sizes_of_letters(pattern, parts, a, b)
    kinds: dict[tuple[bool, ...], str] = dict.fromkeys(
        ((True,) * 3, (True, False, True), (False, True, True)), ""
    )
    kinds[True, True, False] = ""
    for letter in sizes:
        where = tuple(letter in part for part in parts)
        if where not in kinds:
            raise ValueError(f'einsum "{pattern}": {letter} stands alone; sum over it, or broadcast, before')
        kinds[where] += letter
    groups, rows, columns, contracted = (_axis(pattern, run, parts, sizes) for run in kinds.values())
    return groups, rows, columns, contracted


def _sizes_of_letters(pattern: str, parts: tuple[str, str, str], a: Spec, b: Spec) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for part, spec in zip(parts, (a, b), strict=False):
        if len(part) != len(spec.shape) or len(set(part)) != len(part) or spec.integer:
            raise ValueError(f'einsum "{pattern}": {part or "no letter"} does not name the axes of {spec}')
        for letter, size in zip(part, spec.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ValueError(f'einsum "{pattern}": {letter} is {sizes[letter]} and {size}')
    if not set(parts[2]) <= set(sizes) or len(set(parts[2])) != len(parts[2]):
        raise ValueError(f'einsum "{pattern}": the result names axes that the operands do not have')
    return sizes


def _axis(pattern: str, run: str, parts: tuple[str, str, str], sizes: dict[str, int]) -> _Axis:
    strides = []
    for part in parts:
        if run and run[0] in part and run not in part:
            raise ValueError(
                f'einsum "{pattern}": {" and ".join(run)} do not lie side by side; transpose before'
            )
        last = part.find(run) + len(run) if run and run in part else 0
        strides.append(math.prod(sizes[letter] for letter in part[last:]) if last else 0)
    return _Axis(math.prod(sizes[letter] for letter in run), *strides)


# --- kernels ------------------------------------------------------------------------------------------------------
# Row: y a b, G R C K, strides of y (g r c), of a (g r k), of b (g k c), scale, B. Sixteen accumulators, four rows by
# four columns, fill the pipeline of two multiply-adds a cycle. A tile at the edge computes its last row or column more
# than once and writes it once, so that one tile's code serves all sizes.


@helper
def _products(
    a: Any, rows: Any, ak: Any, b: Any, columns: Any, bk: Any, K: Any, width: Any, shared: Any
) -> Any:
    """The tile's sums over k and, sixteen at a time, over `width` lanes; `shared`: a is one number for all lanes."""
    r0, r1, r2, r3 = rows
    c0, c1, c2, c3 = columns
    w0 = w1 = w2 = w3 = splat(F(0))
    x0 = x1 = x2 = x3 = splat(F(0))
    y0 = y1 = y2 = y3 = splat(F(0))
    z0 = z1 = z2 = z3 = splat(F(0))
    for k in range(K):
        for n in range(0, width, LANES):
            i, j = k * ak + n, k * bk + n
            v0, v1, v2, v3 = load(b, c0 + j), load(b, c1 + j), load(b, c2 + j), load(b, c3 + j)
            s = splat(a[r0 + i]) if shared else load(a, r0 + i)
            w0, w1, w2, w3 = fma(s, v0, w0), fma(s, v1, w1), fma(s, v2, w2), fma(s, v3, w3)
            s = splat(a[r1 + i]) if shared else load(a, r1 + i)
            x0, x1, x2, x3 = fma(s, v0, x0), fma(s, v1, x1), fma(s, v2, x2), fma(s, v3, x3)
            s = splat(a[r2 + i]) if shared else load(a, r2 + i)
            y0, y1, y2, y3 = fma(s, v0, y0), fma(s, v1, y1), fma(s, v2, y2), fma(s, v3, y3)
            s = splat(a[r3 + i]) if shared else load(a, r3 + i)
            z0, z1, z2, z3 = fma(s, v0, z0), fma(s, v1, z1), fma(s, v2, z2), fma(s, v3, z3)
    return (w0, w1, w2, w3), (x0, x1, x2, x3), (y0, y1, y2, y3), (z0, z1, z2, z3)


@helper
def _four(at: Any, size: Any, stride: Any) -> Any:
    """Where places at, at + 1, at + 2 and at + 3 begin; the last one's place for those after it."""
    second, third, fourth = min(at + 1, size - 1), min(at + 2, size - 1), min(at + 3, size - 1)
    return at * stride, second * stride, third * stride, fourth * stride


@helper
def _four_columns(at: Any, size: Any, blocks: Any, stride: Any) -> Any:
    """The same for columns of sixteen lanes, of which `blocks` make one place."""
    second, third, fourth = min(at + 1, size - 1), min(at + 2, size - 1), min(at + 3, size - 1)
    first = _column(at, blocks, stride), _column(second, blocks, stride)
    return *first, _column(third, blocks, stride), _column(fourth, blocks, stride)


@helper
def _column(at: Any, blocks: Any, stride: Any) -> Any:
    place = at // blocks
    return place * stride + (at - place * blocks) * LANES


@helper
def _group(row: Any, floats: Any, g: Any) -> Any:
    y, a = offset(floats, row[4] + g * row[11]), offset(floats, row[5] + g * row[14])
    return y, a, offset(floats, row[6] + g * row[17])


@helper
def _scale(row: Any) -> Any:
    return F(row[20] / _UNIT)


@helper
def _put_tile(
    y: Any, rows: Any, height: Any, columns: Any, width: Any, sums: Any, scale: Any, add: Any
) -> None:
    """Write as much of a tile as there is."""
    _put_row(offset(y, rows[0]), columns, width, sums[0], scale, add)
    if height > 1:
        _put_row(offset(y, rows[1]), columns, width, sums[1], scale, add)
    if height > 2:
        _put_row(offset(y, rows[2]), columns, width, sums[2], scale, add)
    if height > 3:
        _put_row(offset(y, rows[3]), columns, width, sums[3], scale, add)


@helper
def _put_row(y: Any, columns: Any, width: Any, sums: Any, scale: Any, add: Any) -> None:
    put(y, columns[0], sums[0] * scale, add)
    if width > 1:
        put(y, columns[1], sums[1] * scale, add)
    if width > 2:
        put(y, columns[2], sums[2] * scale, add)
    if width > 3:
        put(y, columns[3], sums[3] * scale, add)


@helper
def _put_totals(y: Any, stride: Any, width: Any, sums: Any, scale: Any, add: Any) -> None:
    totals = total_four(sums[0], sums[1], sums[2], sums[3])
    for c in range(min(width, 4)):
        put_number(y, c * stride, lane(totals, c) * scale, add)


def _both(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Both operands batched: every lane has a product of its own."""
    G, R, C, K, B, scale = row[7], row[8], row[9], row[10], row[21], _scale(row)
    for g in range(G):
        y, a, b = _group(row, floats, g)
        for r in range(0, R, 4):
            rows, to_rows = _four(r, R, row[15]), _four(r, R, row[12])
            for c in range(0, C, 4):
                columns, to_columns = _four(c, C, row[19]), _four(c, C, row[13])
                for n in range(0, B, LANES):
                    u, v = offset(a, n), offset(b, n)
                    sums = _products(u, rows, row[16], v, columns, row[18], K, LANES, False)
                    _put_tile(offset(y, n), to_rows, R - r, to_columns, C - c, sums, scale, row[3])


def _one(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """b batched: a column is sixteen lanes of one c."""
    G, R, C, K, B, scale = row[7], row[8], row[9], row[10], row[21], _scale(row)
    blocks = B // LANES
    for g in range(G):
        y, a, b = _group(row, floats, g)
        for c in range(0, C * blocks, 4):
            columns = _four_columns(c, C * blocks, blocks, row[19])
            to_columns = _four_columns(c, C * blocks, blocks, row[13])
            for r in range(0, R, 4):
                rows, to_rows = _four(r, R, row[15]), _four(r, R, row[12])
                sums = _products(a, rows, row[16], b, columns, row[18], K, LANES, True)
                _put_tile(y, to_rows, R - r, to_columns, C * blocks - c, sums, scale, row[3])


def _over_batch(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Both batched, y not. One of the two is a gradient, which is 0 in padded lanes."""
    G, R, C, K, B, scale = row[7], row[8], row[9], row[10], row[21], _scale(row)
    for g in range(G):
        y, a, b = _group(row, floats, g)
        for r in range(0, R, 4):
            rows = _four(r, R, row[15])
            for c in range(0, C, 4):
                columns = _four(c, C, row[19])
                sums = _products(a, rows, row[16], b, columns, row[18], K, B, False)
                to, left = offset(y, r * row[12] + c * row[13]), C - c
                _put_totals(to, row[13], left, sums[0], scale, row[3])
                if r + 1 < R:
                    _put_totals(offset(to, row[12]), row[13], left, sums[1], scale, row[3])
                if r + 2 < R:
                    _put_totals(offset(to, 2 * row[12]), row[13], left, sums[2], scale, row[3])
                if r + 3 < R:
                    _put_totals(offset(to, 3 * row[12]), row[13], left, sums[3], scale, row[3])


def _neither(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Nothing batched: once a batch, so number by number."""
    for g in range(row[7]):
        y, a, b = _group(row, floats, g)
        for r in range(row[8]):
            for c in range(row[9]):
                s = F(0)
                for k in range(row[10]):
                    s += a[r * row[15] + k * row[16]] * b[k * row[18] + c * row[19]]
                put_number(y, r * row[12] + c * row[13], s * _scale(row), row[3])


# --- the ops ------------------------------------------------------------------------------------------------------


def _choose(a: Tensor, b: Tensor) -> Op:
    if not b.batched:
        return einsum_of_neither
    return einsum_of_both if a.batched else einsum_of_one


def _contract(pattern: str, a: Tensor, b: Tensor, like: Tensor, scale: float) -> Tensor:
    """A gradient: summed over the batch where the tensor it is for is not batched."""
    if not like.batched and (a.batched or b.batched):
        return einsum_over_batch(a, b, pattern=pattern, scale=scale)
    return einsum(pattern, a, b, scale=scale)


def _gradient(node: Node, dy: Tensor) -> tuple[Tensor, Tensor]:
    a, b = node.inputs
    first, second, out = _letters(node.attributes["pattern"])
    scale = node.attributes["scale"]
    da = _contract(f"{out},{second}->{first}", dy, b, a, scale)
    return da, _contract(f"{first},{out}->{second}", a, dy, b, scale)


def _infer(a: Spec, b: Spec, *, pattern: str, scale: float) -> Spec:
    _axes(pattern, a, b)
    return Spec(_shape(pattern, a, b), a.batched or b.batched)


def _infer_over_batch(a: Spec, b: Spec, *, pattern: str, scale: float) -> Spec:
    if not (a.batched and b.batched):
        raise ValueError(f"einsum over the batch takes two batched tensors, not {a} and {b}")
    return Spec(_infer(a, b, pattern=pattern, scale=scale).shape, batched=False)


def _shape(pattern: str, a: Spec, b: Spec) -> tuple[int, ...]:
    parts = _letters(pattern)
    sizes = _sizes_of_letters(pattern, parts, a, b)
    return tuple(sizes[letter] for letter in parts[2])


def _sizes(node: Node, lanes: int) -> tuple[int, ...]:
    a, b = node.inputs
    axes = _axes(node.attributes["pattern"], a.spec, b.spec)
    g, r, c, k = axes
    in_y, in_a, in_b = (lanes if t.batched else 1 for t in (node.outputs[0], a, b))
    return (
        *(axis.size for axis in axes),
        *(stride * in_y for stride in (g.y, r.y, c.y)),
        *(stride * in_a for stride in (g.a, r.a, k.a)),
        *(stride * in_b for stride in (g.b, k.b, c.b)),
        round(node.attributes["scale"] * _UNIT),
        lanes,
    )


def _reference(call: Call) -> Any:
    letters = _letters(call.attributes["pattern"])
    specs = (*call.input_specs, *call.output_specs)
    first, second, out = (part + "Z" * spec.batched for part, spec in zip(letters, specs, strict=True))
    y = np.einsum(f"{first},{second}->{out}", *call.inputs)
    return y * y.dtype.type(call.attributes["scale"])


def _work(node: Node) -> int:
    a, b = (tensor.spec for tensor in node.inputs)
    return math.prod(axis.size for axis in _axes(node.attributes["pattern"], a, b))


def _declare(name: str, kernel: Any, **rest: Any) -> Op:
    rule = {"infer": _infer, "gradient": _gradient} | rest
    return Op(
        name,
        reference=_reference,
        kernel=Kernel(name, kernel),
        sizes=_sizes,
        accumulates=True,
        work=_work,
        **rule,
    )


einsum_of_both = _declare("einsum", _both)
einsum_of_one = _declare("einsum_of_one", _one)
einsum_of_neither = _declare("einsum_of_neither", _neither)
einsum_over_batch = _declare("einsum_over_batch", _over_batch, infer=_infer_over_batch, gradient=None)
