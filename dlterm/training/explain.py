"""What a recipe's settings take, in words: read from the types that check them, so the two cannot disagree."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import inspect

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe


def takes(struct: type[msgspec.Struct], name: str) -> str:
    """What the field takes: "a whole number from 1 to 65536", "one of sgd, momentum, adam"."""
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    return _words(next(field.type for field in info.fields if field.name == name))


def refusal(
    struct: type[msgspec.Struct], fields: dict[str, Any], error: msgspec.ValidationError
) -> DltermError:
    """A usage error for the reader, from msgspec's."""
    what, _, where = str(error).partition(" - at `$.")
    name = where.rstrip("`").partition("[")[0]
    if name in struct.__struct_fields__:
        value = fields[name]
        shown = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        message = f'{name} is "{safe(shown, limit=60)}"; {takes(struct, name)} was expected'
        hint = "dlterm train --help says what each setting does"
        return DltermError(message, hint=hint, exit_code=ExitCode.USAGE)
    unknown = safe(what.partition("`")[2].rstrip("`"), limit=60)
    near = get_close_matches(unknown, struct.__struct_fields__, n=1)
    hint = f"did you mean {near[0]}?" if near else f"the settings are {', '.join(struct.__struct_fields__)}"
    return DltermError(f'there is no setting "{unknown}"', hint=hint, exit_code=ExitCode.USAGE)


def _words(kind: inspect.Type) -> str:
    match kind:
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
        case inspect.IntType():
            return f"a whole number{_range(kind)}"
        case inspect.FloatType():
            return f"a number{_range(kind)}"
        case inspect.VarTupleType(item_type=item, max_length=most):
            limit = f", {most} at most" if most is not None else ""
            return f"a list with commas between (each {_words(item)}{limit})"
        case inspect.UnionType(types=(one, inspect.VarTupleType())):
            return f"{_words(one)}, or several with commas between"
        case _:
            return "a text"


def _range(kind: inspect.IntType | inspect.FloatType) -> str:
    low = f" from {kind.ge:,g}" if kind.ge is not None else ""
    if kind.le is not None:
        return f"{low} to {kind.le:,.15g}"
    return f"{low} to below {kind.lt:,.15g}" if kind.lt is not None else low
