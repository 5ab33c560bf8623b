"""Files that are, or nearly are, tables, in their thousands: each a data set or a refusal, and soon."""

from __future__ import annotations

import json
import math
import signal
import tempfile
import traceback
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dlterm.data import load
from dlterm.data.dataset import Dataset
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LIMIT = 10.0  # seconds for one file
_SHOWN = 3  # tracebacks that are printed

_NUMBERS, _WORDS = ["0", "1", "2", "-3.5", "1e-3"], ["red", "blue", "yes"]
_ODD = [
    *[
        "",
        " ",
        "NA",
        "n/a",
        "?",
        "-",
        ".",
        "nan",
        "inf",
        "-Infinity",
        "1e999",
        "1e39",
        "1_000",
        "1,5",
        "٣",
        "１",
    ],
    *[
        "0x1F",
        "9" * 400,
        "1e" + "9" * 400,
        "2024-02-29",
        "29.02.2024",
        "10:11:12",
        "TRUE",
        "null",
        '"',
        '""',
        "'",
    ],
    *[
        'a"b',
        '"a',
        'a"',
        '"a""b"',
        "\x1b[2J",
        "\x9b",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\x85",
        "é",
        "日本",
        "🙂",
        "\0",
    ],
    *["\r", "\n", "\t", "=1+1", "#", "{", '{"a": 1}', "[1]", "%s", "{0}", "\\", "/", "x" * 300, "\ud800"],
]
_SPECIAL = '0123456789.,;\t|"\n\r -+eEabx\0é\ufeff٣'
_ENCODINGS = [*["utf-8"] * 25, "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"]


@st.composite
def near_csv(draw: st.DrawFn) -> bytes:
    """A table with a few odd cells, perhaps a row of another length, and perhaps an encoding that is not UTF-8."""
    delimiter, end = (
        draw(st.sampled_from(",,;\t|")),
        draw(st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"])),
    )
    fewest, shortest = draw(st.sampled_from([1, 2, 2, 2, 2, 2])), draw(st.sampled_from([0, 5, 5, 5, 5]))
    columns = draw(st.lists(st.sampled_from([_NUMBERS, _WORDS]), min_size=fewest, max_size=5))
    rows = draw(st.lists(st.tuples(*map(st.sampled_from, columns)).map(list), min_size=shortest, max_size=20))
    rows = [[f"c{number}" for number in range(len(columns))]] * draw(st.sampled_from([0, 1, 1, 1])) + rows
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2, 8])) if rows else 0):
        row, odd = draw(st.sampled_from(rows)), draw(st.sampled_from(_ODD))
        row[draw(st.integers(0, len(row) - 1))] = odd
    if rows and draw(st.integers(0, 15)) == 0:
        row = draw(st.sampled_from(rows))
        row[draw(st.integers(0, len(row))) :] = ["1"] * draw(st.integers(0, 3))
        rows = [row for row in rows if row]
    text = end.join(delimiter.join(row) for row in rows) + draw(
        st.sampled_from([end, end, end, end, "", "", "", '"'])
    )
    return text.encode(draw(st.sampled_from(_ENCODINGS)), "replace")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good table in which bytes are changed, taken out, doubled, or repeated very often."""
    rows = "".join(f"{number},{number % 5}.5,{'red' if number % 2 else 'blue'}\n" for number in range(30))
    content = bytearray(b"a,b,colour\n" + rows.encode())
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 4]))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        piece = content[at : at + draw(st.integers(1, 12))]
        new = draw(
            st.one_of(st.binary(max_size=3), st.sampled_from([e.encode("utf-8", "replace") for e in _ODD]))
        )
        times = draw(st.sampled_from([0, 1, 2, 2, 3, 20_000]))
        content[at : at + len(piece)] = bytes(new) if times == 1 else bytes(piece) * times
    return bytes(content)


@st.composite
def near_json(draw: st.DrawFn) -> bytes:
    """Objects, a line each, of which some hold what is not read."""
    names = draw(
        st.lists(st.sampled_from(["a", "b", "c", "é", "", "\x1b"]), min_size=1, max_size=4, unique=True)
    )
    plain, odd = (
        st.sampled_from([1, 2.5, "red", True]),
        st.sampled_from([None, [1], 2**70, 1e300, math.nan, *_ODD]),
    )
    rows = [{name: draw(plain) for name in names} for _ in range(draw(st.integers(0, 8)))]
    for row in rows[: draw(st.sampled_from([0, 0, 0, 1, 2]))]:
        row[draw(st.sampled_from(names))] = draw(odd)
    text = "\n".join(map(json.dumps, rows * draw(st.integers(1, 4))))
    return (text + draw(st.sampled_from([*[""] * 8, "\n", "{", "[" * 5000, "\nnull", '\n{"d": 1}']))).encode()


_soup = st.text(_SPECIAL, max_size=300).map(str.encode)
near_tables = st.one_of(  # a name and what is in it
    *[st.tuples(st.sampled_from(["any.csv", "any.tsv", "any"]), near_csv())] * 3,
    st.tuples(st.just("any.csv"), mutated()),
    st.tuples(st.just("any.jsonl"), near_json()),
    st.tuples(st.sampled_from(["any.csv", "any.jsonl"]), _soup | st.binary(max_size=500)),
)
options = st.just({}) | st.fixed_dictionaries(
    {},
    optional={
        "target": st.sampled_from(["1", "1", "2", "c0", "a", ""]),
        "task": st.sampled_from(["auto", "classification", "regression"]),
        "missing": st.sampled_from(["refuse", "drop", "mean", "median"]),
        "na": st.lists(st.sampled_from(["NA", "?", "1", "red"]), max_size=2),
        "ignore": st.lists(st.sampled_from(["1", "3", "c1"]), max_size=1),
    },
)


def read_or_refused(path: Path, **given: Any) -> str:
    """Read a file: "read" or "refused", as it should be; AssertionError where what came of it is not in order."""
    try:
        dataset = load(str(path), **given)
    except DltermError as error:
        assert error.exit_code in (ExitCode.BAD_DATA, ExitCode.USAGE), error
        assert _is_safe(error.message + error.hint), error
        assert path.name in error.message
        return "refused"
    assert isinstance(dataset, Dataset)
    assert len(dataset.inputs) == len(dataset.targets) >= 4
    assert dataset.inputs.shape[1] == len(dataset.features) >= 1
    assert not np.isinf(dataset.inputs).any()
    assert np.isfinite(dataset.targets).all()
    assert given.get("missing", "refuse") in ("mean", "median") or not np.isnan(dataset.inputs).any()
    assert all(map(_is_safe, (*dataset.features, *dataset.classes, *dataset.notes, dataset.target)))
    return "read"


def _is_safe(text: str) -> bool:
    return safe(text, limit=len(text)) == text


def run(files: int = 5000) -> dict[str, int]:
    """Read so many generated files: how many were read and refused, failed with a traceback, or took too long."""
    found = Counter(files=0, refused=0, read=0, tracebacks=0, hangs=0)
    with tempfile.TemporaryDirectory() as folder:

        def one(file: tuple[str, bytes], given: dict[str, Any]) -> None:
            path = Path(folder, file[0])
            path.write_bytes(file[1])
            found["files"] += 1
            found[_outcome(lambda: read_or_refused(path, **given), found)] += 1

        _generated(one, files)
    return dict(found)


def _generated(one: Callable[[tuple[str, bytes], dict[str, Any]], None], count: int) -> None:
    quiet = settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    quiet(given(near_tables, options)(one))()


def _outcome(read: Callable[[], str], found: Counter[str]) -> str:
    try:
        with _limited(_LIMIT):
            return read()
    except _TooLongError:
        return "hangs"
    except Exception:
        if found["tracebacks"] < _SHOWN:
            traceback.print_exc()
        return "tracebacks"


class _TooLongError(BaseException):
    """Not an Exception: what is timed may handle those."""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise _TooLongError in the main thread after so long."""

    def end(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
