from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dlterm.engine import contents, formulas, fusion
from dlterm.engine.native import KERNELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

assert fusion  # declares kernels


def function(text: str, **named: Any) -> Callable[..., Any]:
    """The function f of a source text, with these globals."""
    exec(text, named)
    return named["f"]


def test_every_kernel_has_a_key_of_its_own() -> None:
    assert len({contents.key(kernel.function) for kernel in KERNELS.values()}) == len(KERNELS)


def test_the_same_text_has_the_same_key() -> None:
    one, other = (function("def f(x):\n    return x + 1") for _ in range(2))
    assert contents.key(one) == contents.key(other)


@pytest.mark.parametrize("changed", ["x - 1", "x + 2", "x + 1.0", "x + one", "(lambda y: y + 1)(x)"])
def test_an_edit_changes_the_key(changed: str) -> None:
    before, after = (function(f"def f(x):\n    return {text}", one=1) for text in ("x + 1", changed))
    assert contents.key(before) != contents.key(after)


def test_an_edited_helper_changes_the_key_however_far_down() -> None:
    def calling(number: int) -> Callable[..., Any]:
        inner = function(f"def f(x):\n    return x + {number}")
        middle = function("def f(x):\n    return g(x)", g=inner)
        return function("def f(x):\n    return g(x)", g=middle)

    assert contents.key(calling(1)) == contents.key(calling(1)) != contents.key(calling(2))


def test_a_changed_number_elsewhere_changes_the_key() -> None:
    one, other = (function("def f(x):\n    return x + LEAK", LEAK=leak) for leak in (0.01, 0.02))
    assert contents.key(one) != contents.key(other)


def test_an_edited_formula_changes_the_keys_of_the_kernels_that_name_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tanh, relu = (KERNELS[f"linear_{name}"].function for name in ("tanh", "relu"))
    before = contents.key(tanh), contents.key(relu)
    monkeypatch.setitem(formulas.FORMULAS, "tanh", lambda x: x)
    assert contents.key(tanh) != before[0]
    assert contents.key(relu) == before[1]


def test_functions_that_share_a_text_but_not_a_closure_differ() -> None:
    def adder(number: int) -> FunctionType:
        return lambda x: x + number

    def both(a: FunctionType, b: FunctionType) -> FunctionType:
        return lambda x: a(x) * b(x)

    assert contents.key(both(adder(1), adder(2))) != contents.key(both(adder(1), adder(3)))


def test_what_cannot_be_followed_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be followed"):
        contents.key(function("def f(x):\n    return TABLE[x]", TABLE={1: 2}))
