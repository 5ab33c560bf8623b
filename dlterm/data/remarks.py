"""What is worth knowing of a data set before it is trained on: its balance, and what cannot be learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MOST_CLASSES = 12  # that are listed one by one
_LONGEST = 150  # characters of a list
_UNBALANCED = 3  # times as many examples in the largest class as in the smallest


def remarks_on_classes(classes: Sequence[str], targets: NDArray[Any]) -> tuple[str, ...]:
    """How many examples each class has; what a constant guess scores, if unbalanced; classes of a single one."""
    counts = np.bincount(targets, minlength=len(classes)).tolist()
    remarks = [f"classes: {_balance(classes, counts)}"]
    most, fewest = max(counts), min(counts)
    if most >= _UNBALANCED * fewest:
        commonest = safe(classes[counts.index(most)], limit=40)
        share = most / len(targets)
        remarks.append(f'unbalanced: whoever always answers "{commonest}" is right in {share:.1%}')
    if fewest == 1:
        single = [name for name, count in zip(classes, counts, strict=True) if count == 1]
        remarks.append(f"with one example, which is not held out: {_listed(single)}")
    return tuple(remarks)


def remarks_on_features(features: Sequence[str], inputs: NDArray[np.float32]) -> tuple[str, ...]:
    """Which features are the same in every row."""
    low, high = np.fmin.reduce(inputs, axis=0), np.fmax.reduce(inputs, axis=0)
    constant = [features[number] for number in np.flatnonzero(low == high).tolist()]
    return (f"the same in every row, so of no use: {_listed(constant)}",) if constant else ()


def _balance(classes: Sequence[str], counts: list[int]) -> str:
    listed = ", ".join(
        f"{safe(name, limit=40)} {count:,}" for name, count in zip(classes, counts, strict=True)
    )
    if len(classes) <= _MOST_CLASSES and len(listed) <= _LONGEST:
        return listed
    most, fewest = max(counts), min(counts)
    return f"{len(classes):,}, with {fewest:,} to {most:,} examples each"


def _listed(names: Sequence[str]) -> str:
    """The names, as many as fit, and how many more there are."""
    listed = ", ".join(safe(name, limit=40) for name in names[:_MOST_CLASSES])
    more = len(names) - _MOST_CLASSES
    return safe(listed, limit=_LONGEST) + (f" and {more:,} more" if more > 0 else "")
