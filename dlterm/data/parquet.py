"""Parquet files, by pyarrow, which is an optional extra: dlterm[parquet]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.data.column import SEPARATOR
from dlterm.data.records import Rows
from dlterm.data.source import MAX_SIZE, opened, place_name, too_large
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.data.records import Record

_BATCH_CELLS = 65_536


def read(source: str) -> Rows:
    """Read a file's columns of numbers, texts, truths and dates; lines count its rows, and null is missing.

    Raises DltermError: configuration where pyarrow is not installed; bad data for columns that hold other values.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise DltermError(
            f"{place_name(source)}: to read Parquet, dlterm needs pyarrow, which is not installed",
            hint="python3 -m pip install 'dlterm[parquet]'",
            exit_code=ExitCode.CONFIGURATION,
        ) from None
    place = place_name(source)
    records = _records(source, place)
    _, names = next(records)
    return Rows(names, place, records)


def _records(source: str, place: str) -> Iterator[Record]:
    """Yield the names as row 0, then the rows."""
    import pyarrow
    from pyarrow.parquet import ParquetFile

    with opened(source) as file:
        try:
            parquet = ParquetFile(file)
            yield 0, list(parquet.schema_arrow.names)
            yield from _cells(parquet, place)
        except (pyarrow.ArrowException, UnicodeDecodeError) as error:
            raise _damaged(str(error), place) from None
        except OSError as error:  # pyarrow's own have no number
            if error.errno is not None:
                raise
            raise _damaged(str(error), place) from None


def _cells(parquet: Any, place: str) -> Iterator[Record]:
    schema, metadata = parquet.schema_arrow, parquet.metadata
    for field in schema:
        _check_type(field, place)
    # A small file may hold a great deal: what it says of itself first, what it turns out to be after that.
    stated = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    if max(stated, metadata.num_rows * len(schema)) > MAX_SIZE:
        raise too_large(place)
    number = size = 0
    for batch in parquet.iter_batches(max(1, _BATCH_CELLS // max(1, len(schema))), use_threads=False):
        columns = [_texts(column) for column in batch.columns]
        for cells in zip(*columns, strict=True):
            number += 1
            size += sum(map(len, cells)) + len(cells)
            if SEPARATOR in "".join(cells):
                raise DltermError(f"{place}:{number}: a text holds the character NUL", hint="remove it")
            yield number, list(cells)
        if size > MAX_SIZE:
            raise too_large(place)


def _check_type(field: Any, place: str) -> None:
    from pyarrow import types

    kind = field.type.value_type if types.is_dictionary(field.type) else field.type
    holds_others = types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind)
    if holds_others or types.is_fixed_size_binary(kind):
        raise DltermError(
            f'{place}: "{safe(field.name, limit=40)}" holds {safe(str(kind), limit=60)}; '
            "numbers, texts, truths and dates are read",
            hint="write the file without this column",
        )


def _texts(column: Any) -> list[str]:
    """The values as the same text that a CSV file would hold; "" for a missing one."""
    import pyarrow
    from pyarrow import compute, types

    if types.is_timestamp(column.type):
        column = column.cast(
            pyarrow.timestamp(column.type.unit)
        )  # without a zone, whose rules may not be installed
    if types.is_floating(column.type):
        column = compute.if_else(compute.is_nan(column), None, column)
    return ["" if text is None else text for text in column.cast(pyarrow.string()).to_pylist()]


def _damaged(reason: str, place: str) -> DltermError:
    return DltermError(
        f"{place}: not a Parquet file, or a damaged one: {safe(reason, limit=100)}",
        hint="a file in another format must not be named .parquet",
    )
