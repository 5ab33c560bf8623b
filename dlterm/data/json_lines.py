"""JSON-lines: an object a line, the first of which names the columns."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from dlterm.data.column import SEPARATOR
from dlterm.data.records import Rows, empty
from dlterm.data.source import place_name, read_lines
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    Value = str | int | float | bool | None

_EXAMPLE = '{"age": 41, "kind": "cat"}'

# Its values have no nested type, so no nesting is followed, however deep.
_DECODER = msgspec.json.Decoder(dict[str, str | int | float | bool | None])


def read(source: str) -> Rows:
    """Read a UTF-8 file with an object a line; null, or a name that is not there, is a missing value."""
    place = place_name(source)
    objects = _objects(source, place)
    line, first = next(objects, (0, {}))
    if not first:
        raise empty(place)
    where, names = f"{place}:{line}", dict.fromkeys(first)
    every = chain([(line, first)], objects)
    records = ((number, _cells(each, names, f"{place}:{number}")) for number, each in every)
    return Rows(list(names), where, records)


def _objects(source: str, place: str) -> Iterator[tuple[int, dict[str, Value]]]:
    for number, line in enumerate(read_lines(source), start=1):
        if line.isspace():
            continue
        try:
            yield number, _DECODER.decode(line)
        except msgspec.DecodeError as error:
            raise _json_error(str(error), f"{place}:{number}") from None


def _json_error(reason: str, where: str) -> DltermError:
    if reason.startswith("Expected `object`"):
        return DltermError(f"{where}: not a JSON object", hint=f"a line is {_EXAMPLE}")
    if "Expected" in reason:
        return DltermError(
            f"{where}: a value holds other values; numbers, texts, true and false are read",
            hint="give each of them a name of its own",
        )
    if "out of range" in reason:
        return DltermError(f"{where}: a number is too large; at most 3.4e38 is read")
    return DltermError(f"{where}: {safe(reason)}", hint=f"a line is {_EXAMPLE}; null is a missing value")


def _cells(found: dict[str, Value], names: dict[str, None], where: str) -> list[str]:
    cells = [_text(found.get(name)) for name in names]
    if SEPARATOR in "".join(cells):
        raise DltermError(f"{where}: a text holds the character NUL", hint="remove it")
    if not found.keys() <= names.keys():
        strange = next(name for name in found if name not in names)
        raise DltermError(
            f'{where}: there is no "{safe(strange, limit=40)}" in the first object, which names the columns',
            hint="name every column there, with null where it has no value",
        )
    return cells


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
