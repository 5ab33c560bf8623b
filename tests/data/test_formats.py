"""JSON-lines and Parquet give what the same table gives as CSV."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlterm.data import load
from dlterm.errors import DltermError, ExitCode

ROWS = [
    {"age": 41, "weight": 3.5, "tame": True, "kind": "cat"},
    {"age": 7, "weight": 0.1, "tame": False, "kind": "dog"},
    {"age": -3, "weight": 1e-30, "tame": True, "kind": "cat"},
    {"age": 12, "weight": 2.0, "tame": True, "kind": "dog"},
]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def as_csv(rows):
    lines = [",".join(rows[0])]
    lines += [",".join("" if value is None else str(value) for value in row.values()) for row in rows]
    Path("people.csv").write_text("\n".join(lines).replace("True", "true").replace("False", "false") + "\n")
    return "people.csv"


def as_json_lines(rows, name="people.jsonl"):
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return name


def as_parquet(rows):
    pytest.importorskip("pyarrow")
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist(rows) if isinstance(rows, list) else pyarrow.table(rows)
    pyarrow.parquet.write_table(table, "people.parquet")
    return "people.parquet"


def refusal(path, **options):
    with pytest.raises(DltermError) as caught:
        load(path, **options)
    assert caught.value.message.isprintable()
    return caught.value


@pytest.mark.parametrize("write", [as_json_lines, as_parquet])
@pytest.mark.parametrize("options", [{}, {"target": "age", "task": "regression"}, {"target": "2"}])
def test_a_table_is_the_same_in_every_format(write, options):
    expected, found = load(as_csv(ROWS), **options), load(write(ROWS), **options)
    np.testing.assert_array_equal(found.inputs, expected.inputs)
    np.testing.assert_array_equal(found.targets, expected.targets)
    assert (found.features, found.classes) == (expected.features, expected.classes)
    assert (found.target, found.task, found.notes) == (expected.target, expected.task, expected.notes)


@pytest.mark.parametrize("write", [as_csv, as_json_lines, as_parquet])
def test_null_is_a_missing_value_in_every_format(write):
    rows = [*ROWS, {"age": None, "weight": 1.0, "tame": True, "kind": "cat"}]
    path = write(rows)
    line = {as_csv: 6, as_json_lines: 5, as_parquet: 5}[write]
    assert refusal(path).message == f'{path}:{line}: "age" is missing'
    assert len(load(path, missing="drop").targets) == 4
    assert np.isnan(load(path, missing="mean").inputs[4, 0])


finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("write", [as_json_lines, as_parquet])
@given(st.lists(st.tuples(finite, finite), min_size=4, max_size=20).filter(lambda rows: len({*rows}) > 1))
def test_numbers_are_read_back_to_the_bit(write, rows):
    path = write([{"x": x, "y": y} for x, y in rows])
    try:
        dataset = load(path, task="regression")
    except DltermError as error:  # one value only
        assert "nothing to predict" in error.message
        return
    np.testing.assert_array_equal(dataset.inputs[:, 0], np.float32([x for x, _ in rows]))
    np.testing.assert_array_equal(dataset.targets, np.float32([y for _, y in rows]))


def test_names_may_come_in_any_order_and_blank_lines_are_nothing():
    Path("people.ndjson").write_text(
        '\n{"a":1,"y":"p"}\n\n{"y":"q","a":2}\n{"a":3,"y":"p"}\r\n{"y":"q","a":4}'
    )
    dataset = load("people.ndjson")
    np.testing.assert_array_equal(dataset.inputs[:, 0], [1, 2, 3, 4])
    np.testing.assert_array_equal(dataset.targets, [0, 1, 0, 1])


FIRST = '{"a": 1, "b": 2}\n'
MANY = "".join(f'{{"a": {n}, "b": {n % 2}}}\n' for n in range(20))
JSON_FAULTS = {
    "nothing": ("", "people.jsonl: empty"),
    "an empty object": ("{}\n", "people.jsonl: empty"),
    "one name": ('{"a": 1}\n', "people.jsonl:1: one column only"),
    "one object": (FIRST, "people.jsonl: 1 example; at least 4 are needed"),
    "not JSON": (FIRST + "a,b\n", "people.jsonl:2: JSON is malformed"),
    "an array": (FIRST + "[1, 2]\n", "people.jsonl:2: not a JSON object"),
    "a number": ("3\n", "people.jsonl:1: not a JSON object"),
    "cut off": (FIRST + '{"a": 1', "people.jsonl:2: Input data was truncated"),
    "a list": (FIRST + '{"a": [1], "b": 2}\n', "people.jsonl:2: a value holds other values"),
    "deep": (FIRST + '{"a": ' + "[" * 100_000 + "\n", "people.jsonl:2: a value holds other values"),
    "a number beyond all": (FIRST + '{"a": 1e999, "b": 2}\n', "people.jsonl:2: a number is too large"),
    "5,000 digits": (FIRST + '{"a": ' + "9" * 5000 + ', "b": 2}\n', "people.jsonl:2: a number is too large"),
    "NaN": (FIRST + '{"a": NaN, "b": 2}\n', "people.jsonl:2: JSON is malformed"),
    "a NUL": (FIRST + '{"a": "\\u0000", "b": 2}\n', "people.jsonl:2: a text holds the character NUL"),
    "another name": (FIRST + '{"a": 1, "c": 2}\n', 'people.jsonl:2: there is no "c" in the first object'),
    "one name more": (
        FIRST + '{"a": 1, "b": 2, "\\u001b[2J": 3}\n',
        'people.jsonl:2: there is no "\N{REPLACEMENT CHARACTER}[2J" in the first object',
    ),
    "no name": ('{"": 1, "b": 2}\n', "people.jsonl:1: column 1 has no name"),
    "a text among numbers": (MANY + '{"a": "x", "b": 2}', 'people.jsonl:21: "a" is "x"; a number was'),
    "beyond float32": (MANY + '{"a": 1e39, "b": 2}', 'people.jsonl:21: "a" is "1e+39"; a number was'),
    "UTF-16": ((FIRST * 4).encode("utf-16"), "people.jsonl: the text is UTF-16"),
}


@pytest.mark.parametrize(("content", "message"), JSON_FAULTS.values(), ids=JSON_FAULTS)
def test_what_is_no_table_of_json_lines_is_refused_with_its_line(content, message):
    Path("people.jsonl").write_bytes(content if isinstance(content, bytes) else content.encode())
    error = refusal("people.jsonl")
    assert error.message.startswith(message)
    assert error.exit_code == ExitCode.BAD_DATA


def test_a_date_a_list_and_bytes_are_named():
    day = datetime.date(2024, 2, 29)
    for value, kind in ([1], "list"), (b"x", "binary"), ({"a": 1}, "struct"):
        assert (
            f'people.parquet: "a" holds {kind}'
            in refusal(as_parquet({"a": [value] * 4, "b": [1] * 4})).message
        )
    assert '"a" is "2024-02-29"' in refusal(as_parquet({"a": [day] * 4, "b": [0, 1, 0, 1]})).message


def test_a_parquet_number_that_is_not_finite_is_missing_or_refused():
    nan = as_parquet({"a": [1.0, 2.0, float("nan"), 4.0], "b": list("xyxy")})
    assert refusal(nan).message == 'people.parquet:3: "a" is missing'
    infinite = as_parquet({"a": [1.0, 2.0, float("inf"), 4.0], "b": list("xyxy")})
    assert refusal(infinite).message == 'people.parquet:3: "a" is "inf"; a number was expected'


def test_what_is_not_parquet_is_refused():
    pytest.importorskip("pyarrow")
    for content in (b"", b"a,b\n1,2\n", b"PAR1" * 10):
        Path("people.parquet").write_bytes(content)
        assert refusal("people.parquet").message.startswith("people.parquet: not a Parquet file")
    assert refusal(as_parquet({"a": ["\0", "b"] * 2, "b": list("xyxy")})).message == (
        "people.parquet:1: a text holds the character NUL"
    )
    assert refusal("nothing.parquet").exit_code == ExitCode.NO_INPUT


def test_without_pyarrow_it_says_what_to_install(monkeypatch):
    Path("people.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    error = refusal("people.parquet")
    assert error.hint == "python3 -m pip install 'dlterm[parquet]'"
    assert error.exit_code == ExitCode.CONFIGURATION


def test_a_file_of_another_format_says_so():
    Path(as_parquet(ROWS)).rename("people.csv")
    assert refusal("people.csv").message == "people.csv: a Parquet file"
    assert "name" in refusal("people.csv").hint


def test_csv_needs_neither_pyarrow_nor_msgspec():
    as_csv(ROWS)
    code = "import sys; from dlterm.data import load; load('people.csv'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"pyarrow", "msgspec"} & set(loaded.split())


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=4), st.integers(0, 10_000))
def test_a_damaged_parquet_file_is_a_data_set_or_a_refusal(changes, cut):
    path = Path(as_parquet([*ROWS, {"age": None, "weight": None, "tame": None, "kind": None}] * 5))
    content = bytearray(path.read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    path.write_bytes(content[: cut or None])
    try:
        load("people.parquet", missing="mean")
    except DltermError as error:
        assert error.exit_code == ExitCode.BAD_DATA
        assert error.message.isprintable()


def test_a_moment_in_a_zone_is_a_date():
    moment = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)
    error = refusal(as_parquet({"at": [moment] * 4, "b": [0, 1, 0, 1]}))
    assert error.message.startswith('people.parquet:1: "at" is "2024-02-29 12:00:00')
    assert error.message.endswith(", a date")


@pytest.mark.parametrize("most", [100, 5000], ids=["by its own word", "as it turns out"])
def test_a_small_parquet_file_that_holds_very_much_is_refused(monkeypatch, most):
    monkeypatch.setattr("dlterm.data.parquet.MAX_SIZE", most)
    path = as_parquet({"a": ["x" * 300, "y"] * 100, "b": ["p", "q"] * 100})
    assert refusal(path).message == "people.parquet: more than 1 GB"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens but cannot be read")
def test_a_failing_disk_is_told_of_a_parquet_file():
    pytest.importorskip("pyarrow")
    Path("people.parquet").symlink_to("/proc/self/mem")
    assert refusal("people.parquet").exit_code == ExitCode.INPUT_OUTPUT
