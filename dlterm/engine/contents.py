"""What a kernel is made of: a hash of its own code and of all that is compiled into it.

Numba's own cache looks at the file that a function stands in and at nothing else, so an edited helper in another file
leaves stale machine code behind. This goes the whole way down: bytecode, constants, and every function, formula and
number that the code names. An edit then compiles the kernels that it touches, and no others.
"""

from __future__ import annotations

import hashlib
import types
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.formulas import FORMULAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PACKAGE = __name__.partition(".")[0]
_NUMBERS = (bool, int, float, np.generic)


def key(function: Callable[..., Any]) -> str:
    """Twenty hexadecimal digits that change when the kernel does. Raises TypeError for a global it cannot follow."""
    digest = hashlib.sha256()
    for each in _functions(function):
        for code in _nested(each.__code__):
            digest.update(code.co_code)
            for value in _values(code, each):
                digest.update(f"{_shown(value)}\0".encode())
    return digest.hexdigest()[:20]


def parts(function: Callable[..., Any]) -> dict[Any, int]:
    """The functions that are compiled into a kernel, itself among them, each with the length of its bytecode."""
    return {each: len(each.__code__.co_code) for each in _functions(function)}


def _functions(function: Any) -> Iterator[Any]:
    """A kernel and all functions that are compiled into it."""
    seen: set[int] = set()
    waiting: list[Any] = [function]
    while waiting:
        function = waiting.pop()
        if id(function) not in seen:
            seen.add(id(function))
            yield function
            values = [value for code in _nested(function.__code__) for value in _values(code, function)]
            waiting.extend(value for value in values if isinstance(value, types.FunctionType))


def _values(code: types.CodeType, function: Any) -> list[Any]:
    """All that the code names and holds; a formula in place of its name."""
    named = [*_named(code, function), *(c for c in code.co_consts if _is_plain(c))]
    return [FORMULAS.get(value, value) if isinstance(value, str) else value for value in named]


def _nested(code: types.CodeType) -> list[types.CodeType]:
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return [code, *(nested for each in inner for nested in _nested(each))]


def _is_plain(constant: Any) -> bool:
    return not isinstance(constant, types.CodeType)


def _named(code: types.CodeType, function: Any) -> list[Any]:
    """The values of the globals and of the closure that the code names; of one of our modules, its members."""
    free = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    found = [free[name].cell_contents for name in code.co_freevars if name in free]
    for name in code.co_names:
        value = function.__globals__.get(name, name)
        found.append(value)
        if isinstance(value, types.ModuleType) and value.__name__.startswith(_PACKAGE):
            found.extend(vars(value)[member] for member in code.co_names if member in vars(value))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, types.ModuleType):
        return value.__name__
    if isinstance(value, (type, types.FunctionType)):
        return value.__qualname__
    if value is None or isinstance(value, (str, tuple, *_NUMBERS)):
        return repr(value)
    raise TypeError(f"a kernel names {value!r}, which cannot be followed")
