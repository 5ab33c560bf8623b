from __future__ import annotations

import csv
import io
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlterm.data import load
from dlterm.data.column import is_number
from dlterm.errors import DltermError

FLOWERS = """\
length,colour,species
1.5,red,lily
2,blue,rose
-.5e1,red,rose
3.25,red,lily
"""


@pytest.fixture
def read(tmp_path):
    def read(text, name="people.csv", **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(str(path), **options)

    return read


def test_numbers_stay_in_their_own_units_and_text_is_one_hot_encoded(read):
    dataset = read(FLOWERS, "flowers.csv")
    assert dataset.name == "flowers.csv"
    assert dataset.features == ("length", "colour=blue", "colour=red")
    np.testing.assert_array_equal(dataset.inputs, [[1.5, 0, 1], [2, 1, 0], [-5, 0, 1], [3.25, 0, 1]])
    assert dataset.inputs.dtype == np.float32
    assert dataset.inputs.flags.c_contiguous


def test_the_last_column_is_the_target_and_text_means_classes(read):
    dataset = read(FLOWERS)
    assert (dataset.task, dataset.target, dataset.classes) == ("classification", "species", ("lily", "rose"))
    np.testing.assert_array_equal(dataset.targets, [0, 1, 1, 0])
    assert dataset.targets.dtype == np.int64


def test_the_notes_say_what_was_inferred(read):
    assert read(FLOWERS).notes == (
        "one-hot encoded: colour (2)",
        "target: species (last column): 2 classes, classification",
        "classes: lily 2, rose 2",
    )


@pytest.mark.parametrize("target", ["length", "1"])
def test_the_target_is_chosen_by_name_or_by_number(read, target):
    dataset = read(FLOWERS, target=target)
    assert (dataset.target, dataset.task, dataset.classes) == ("length", "regression", ())
    np.testing.assert_array_equal(dataset.targets, np.float32([1.5, 2, -5, 3.25]))
    assert dataset.targets.dtype == np.float32
    assert dataset.notes[-1] == "target: length: -5 to 3.25, regression"
    assert "length" not in dataset.features


def test_a_name_wins_over_a_number(read):
    assert read("2,a,b\n1,5,x\n2,6,y\n3,7,x\n4,8,y\n", target="2").features == ("a", "b=x", "b=y")


def test_few_whole_numbers_are_classes_in_the_order_of_the_numbers(read):
    dataset = read("x,y\n" + "".join(f"{i},{10 - i % 2 * 8}\n" for i in range(8)))
    assert (dataset.task, dataset.classes) == ("classification", ("2", "10"))
    np.testing.assert_array_equal(dataset.targets, [1, 0] * 4)


@pytest.mark.parametrize("value", ["{i}", "{i}.5"])
def test_other_numbers_are_values(read, value):
    assert read("x,y\n" + "".join(f"{i},{value.format(i=i)}\n" for i in range(8))).task == "regression"


def test_the_task_can_be_set(read):
    text = "x,y\n1,0.5\n2,1.0\n3,1\n4,-0\n5,0\n"
    assert read(text).task == "regression"
    assert read(text, task="classification").classes == ("0", "0.5", "1")
    assert read("x,y\n1,0\n2,1\n3,1\n4,0\n", task="regression").task == "regression"


def test_labels_may_be_anything_when_the_task_is_set(read):
    text = "x,y\n1,NA\n2,1\n3,1_0\n4,NA\n"
    assert read(text, task="classification").classes == ("1", "1_0", "NA")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_delimiter_and_the_line_ends_are_recognised(read, delimiter, line_end):
    dataset = read(FLOWERS.replace(",", delimiter).replace("\n", line_end))
    np.testing.assert_array_equal(dataset.inputs, read(FLOWERS).inputs)
    assert dataset.classes == ("lily", "rose")


def test_a_byte_order_mark_blank_lines_and_spaces_are_nothing(read):
    text = "\ufeff\n" + FLOWERS.replace("\n", "\n  \n").replace(",", " , ")
    dataset = read(text)
    assert dataset.features == ("length", "colour=blue", "colour=red")
    assert dataset.classes == ("lily", "rose")


def test_quotes_hold_delimiters_line_ends_and_quotes(read):
    text = '"a, b",y\n1,"p, q"\n2,"p, q"\n3,"say ""hi""\nthere"\n4,"p, q"\n'
    dataset = read(text)
    assert dataset.features == ("a, b",)
    assert dataset.classes == ("p, q", 'say "hi"\N{REPLACEMENT CHARACTER}there')


@pytest.mark.parametrize(
    ("first", "width"), [("1,2", 2), ("5.1,3.5,setosa", 3)], ids=["all numbers", "one with a point"]
)
def test_a_first_row_of_data_is_not_taken_for_names(read, first, width):
    other = first.replace("setosa", "rose").replace("2", "3")
    dataset = read("\n".join([first, other, first, other]))
    assert len(dataset.targets) == 4
    assert dataset.features[0] == "column1"
    assert dataset.notes[0] == f"no line of names: the columns are column1 to column{width}"


def test_years_can_be_names(read):
    assert read("country,2019,2020\nA,1,2\nB,3,4\nA,5,6\nB,7,8\n", target="country").features == (
        "2019",
        "2020",
    )


def test_names_and_labels_cannot_command_a_terminal(read):
    dataset = read("x\x1b[2J,c\x9b,y\n1,\x1b,\u202ea\n2,k,b\n3,k,b\n4,k,\u202ea\n")
    shown = " ".join([*dataset.features, *dataset.classes, *dataset.notes, dataset.target, dataset.name])
    assert not any(ord(character) < 32 or character in "\x9b\u202e" for character in shown)


def test_standard_input_is_read_and_left_open(read, monkeypatch):
    buffer = io.BytesIO(FLOWERS.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(buffer))
    dataset = load("-")
    assert dataset.name == "stdin"
    np.testing.assert_array_equal(dataset.inputs, read(FLOWERS).inputs)
    assert not buffer.closed


def test_a_long_table_is_read_whole(read):
    rows = [(i / 7, "uvw"[i % 3], i % 5) for i in range(100_000)]
    dataset = read("x,kind,y\n" + "".join(f"{x!r},{kind},{y}\n" for x, kind, y in rows))
    np.testing.assert_array_equal(dataset.inputs[:, 0], np.float32([row[0] for row in rows]))
    np.testing.assert_array_equal(dataset.inputs[:, 1:].argmax(axis=1), np.arange(100_000) % 3)
    np.testing.assert_array_equal(dataset.targets, np.arange(100_000) % 5)


names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
columns = st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=4, max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columns, st.data())
def test_what_is_written_as_csv_is_read_back(read, numbers, data):
    labels = data.draw(
        st.lists(st.sampled_from(["a", "b,c", 'd"e']), min_size=len(numbers), max_size=len(numbers))
    )
    name = data.draw(names.filter(lambda text: text != "label" and not is_number(text)))
    if len(set(labels)) < 2:
        labels[:2] = ["a", "b,c"]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [(name, "label"), *zip(map(repr, numbers), labels, strict=True)]
    )
    try:
        dataset = read(text.getvalue(), task="classification")
    except DltermError as error:  # a row each
        assert "a class of its own" in error.message
        return
    assert dataset.features == (name,)
    np.testing.assert_array_equal(dataset.inputs[:, 0], np.float32(numbers))
    assert [dataset.classes[target] for target in dataset.targets] == labels
