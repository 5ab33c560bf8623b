"""Every message: where, what, what to do; never a traceback, never a wait."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from dlterm.data import load, source
from dlterm.errors import DltermError, ExitCode

ROWS = "1,2\n2,3\n3,3\n4,2\n"
REGRESSION = {"task": "regression"}


def refusal(content: str | bytes, **options) -> DltermError:
    Path("people.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DltermError) as caught:
        load("people.csv", **options)
    return caught.value


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "people.csv: empty"),
        ("\n \n", "people.csv: empty"),
        ('""\n', "people.csv: empty"),
        ("a,b\n", "people.csv: no examples; at least 4 are needed"),
        ("a,b\n1,2\n", "people.csv: 1 example; at least 4 are needed"),
        ("a,b\n1,2\n3,4\n5,6\n", "people.csv: 3 examples; at least 4 are needed"),
        ("a\n1\n2\n3\n4\n", "people.csv:1: one column only; a target and at least one feature are needed"),
        ("a,b\n" + ROWS + "1,2,3\n", "people.csv:6: 3 fields; the first row has 2"),
        ("a,b\n" + ROWS + "\n1\n", "people.csv:7: 1 field; the first row has 2"),
        ("a,b,a\n", 'people.csv:1: columns 1 and 3 are both named "a"'),
        ("\na,,c\n", "people.csv:2: column 2 has no name"),
        ('a,b\n1,2\n3,"4\n5,6\n', "people.csv:3: a quote is opened and not closed"),
        ('a,b\n1,2\n3,"4"4\n5,6\n', "people.csv:3: a field goes on after its closing quote"),
        ("a,b\n1,2\n3,\0\n", "people.csv:3: a NUL byte; this is not a text file"),
        (b"\x7fELF\x02\x01\x00\x00\n\x00", "people.csv:1: a NUL byte; this is not a text file"),
        ("a,b\n1,2\n".encode("utf-16"), "people.csv: the text is UTF-16, not UTF-8"),
        ("a,b\n1,2\n3,é\n".encode("latin-1"), "people.csv:3: the byte 0xe9 is not UTF-8 text"),
        (",".join(map("c{}".format, range(10_001))), "people.csv:1: 10,001 columns; at most 10,000 are read"),
        ("a,b\n" + "1" * 1_100_000, "people.csv:2: the line is longer than 1,048,576 characters"),
        ('a,b\n"' + "1\n" * 100_000, "people.csv:2: a field is longer than 131,072 characters"),
        (b"a,b\n" + b"1,2\n" * 5000 + b"3,\xff\n", "people.csv:5002: the byte 0xff is not UTF-8 text"),
    ],
)
def test_what_is_not_a_table_is_refused_with_its_place(content, message):
    error = refusal(content)
    assert (error.message, error.exit_code) == (message, ExitCode.BAD_DATA)


@pytest.mark.parametrize("cell", ["n/a", "NaN", "?", "NULL", "-"])
def test_a_missing_number_is_named_with_its_line_and_column(cell):
    error = refusal(f"age,y\n{ROWS}{cell},2\n")
    assert error.message == f'people.csv:6: "age" is "{cell}", a missing value'
    assert error.hint == "--missing drop leaves such rows out, --missing mean or median fills the gaps"


@pytest.mark.parametrize("rows", [ROWS, "red,1\nblue,2\nred,2\nblue,1\n"], ids=["numbers", "text"])
def test_an_empty_cell_is_a_missing_value(rows):
    assert refusal(f"age,y\n{rows} ,2\n").message == 'people.csv:6: "age" is missing'
    assert refusal(f"age,y\n{rows}5,\n").message == 'people.csv:6: "y" is missing'


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e39", "1_000", '"1,82"', "٣", "１"])
def test_a_number_in_another_form_is_refused(cell):
    error = refusal(f"age,y\n{ROWS}{cell},2\n")
    shown = cell.strip('"')
    assert error.message == f'people.csv:6: "age" is "{shown}"; a number was expected'
    assert "decimal point" in error.hint


def test_decimal_commas_throughout_are_refused():
    assert 'is "1,5"; a number was expected' in refusal("a;y\n" + "1,5;1\n2,5;2\n" * 2).message


def test_one_text_among_many_numbers_is_a_mistake_not_a_category():
    rows = "".join(f"{i},{i % 2}\n" for i in range(20))
    assert refusal(f"age,y\n{rows}12o,1\n").message == 'people.csv:22: "age" is "12o"; a number was expected'


def test_the_line_is_right_after_blank_lines_and_quoted_line_ends():
    assert refusal('a,b\n\n1,"x\ny"\n2,z\n\n3,z\n,x\n').message == 'people.csv:8: "a" is missing'


def test_text_that_means_missing_elsewhere_can_be_a_category():
    Path("people.csv").write_text("country,y\nNA,1\nDE,2\nNA,2\nFR,1\n")
    assert load("people.csv").features == ("country=DE", "country=FR", "country=NA")


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("a,b\n" + "1,x\n" * 4, {}, 'people.csv: "b" has one class only, "x"'),
        ("a,b\n" + "1,7\n" * 4, {}, 'people.csv: "b" has one class only, "7"'),
        ("a,b\n" + "1,7\n" * 4, REGRESSION, 'people.csv: "b" is 7 in every row; there is nothing to predict'),
        ("a,b\n1,p\n2,q\n3,r\n4,s\n", {}, 'people.csv: "b" has a class of its own in every row'),
        (
            "a,b\n" + "".join(f"1,c{i}\n" for i in range(1001)),
            {},
            'people.csv: "b" has 1,001 classes; at most 1,000 are learned',
        ),
        ("a,b\n1,p\n2,q\n3,p\n4,q\n", REGRESSION, 'people.csv:2: "b" is "p"; a number was expected'),
    ],
)
def test_a_target_with_nothing_to_learn_is_refused(content, options, message):
    assert refusal(content, **options).message == message


def test_text_with_many_values_is_refused_as_a_feature():
    error = refusal("name,y\n" + "".join(f"n{i},{i % 2}\n" for i in range(65)))
    assert error.message == (
        'people.csv: "name" is text with 65 different values; at most 64 are one-hot encoded'
    )
    assert error.hint


def test_an_unknown_target_gets_the_nearest_name():
    error = refusal("age,income\n" + ROWS, target="incme")
    assert (error.message, error.hint) == ('people.csv: no column is named "incme"', 'did you mean "income"?')
    assert refusal("age,income\n" + ROWS, target="3").hint == "the columns are age, income"


def test_a_message_cannot_command_a_terminal():
    error = refusal("a\x1b[2J,b\n" + ROWS + "x\x9b\u202e,2\n" * 3 + "\x1b,1\n,1", target="\x1b]0;t")
    assert not set("\x1b\x9b\u202e") & set(error.message + error.hint)


def test_a_missing_file_lists_the_sets_and_the_nearest():
    with pytest.raises(DltermError) as caught:
        load("spirls")
    error = caught.value
    assert (error.message, error.exit_code) == ("spirls: no such file or data set", ExitCode.NO_INPUT)
    assert error.hint.startswith("did you mean spirals? the sets are circle, xor, ")


def test_a_broken_link_is_no_file():
    Path("people.csv").symlink_to("nowhere")
    with pytest.raises(DltermError, match="no such file") as caught:
        load("people.csv")
    assert caught.value.exit_code == ExitCode.NO_INPUT


def test_a_link_to_itself_is_no_file():
    Path("people.csv").symlink_to("people.csv")
    with pytest.raises(DltermError, match=r"people\.csv: Too many levels") as caught:
        load("people.csv")
    assert caught.value.exit_code == ExitCode.NO_INPUT


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens but cannot be read")
def test_a_failing_disk_is_told():
    with pytest.raises(DltermError, match="/proc/self/mem: ") as caught:
        load("/proc/self/mem")
    assert caught.value.exit_code == ExitCode.INPUT_OUTPUT


@pytest.mark.parametrize("path", ["a\0b", "\udcff", "x" * 5000, ""])
def test_an_impossible_path_is_no_file(path):
    with pytest.raises(DltermError) as caught:
        load(path)
    assert caught.value.exit_code == ExitCode.NO_INPUT


def test_a_directory_is_refused():
    with pytest.raises(DltermError, match="a directory") as caught:
        load(".")
    assert caught.value.exit_code == ExitCode.NO_INPUT


def test_a_fifo_is_refused_and_not_waited_for():
    os.mkfifo("people.csv")
    with pytest.raises(DltermError, match="not a regular file") as caught:
        load("people.csv")
    assert caught.value.exit_code == ExitCode.NO_INPUT


def test_a_file_that_may_not_be_read_is_refused(monkeypatch):
    Path("people.csv").write_text("a,b\n")

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DltermError, match="permission denied") as caught:
        load("people.csv")
    assert caught.value.exit_code == ExitCode.PERMISSION


def test_a_huge_file_is_refused_unread():
    with Path("people.csv").open("wb") as file:
        file.truncate(source.MAX_SIZE + 1)
    with pytest.raises(DltermError) as caught:
        load("people.csv")
    assert caught.value.message == "people.csv: more than 1 GB"


def test_an_endless_standard_input_is_refused(monkeypatch):
    monkeypatch.setattr(source, "MAX_SIZE", 1000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1,2\n" * 1000)))
    with pytest.raises(DltermError, match="stdin: more than"):
        load("-")


def test_a_closed_standard_input_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DltermError) as caught:
        load("-")
    assert caught.value.exit_code == ExitCode.NO_INPUT


def test_inputs_that_would_not_fit_in_memory_are_refused(monkeypatch):
    monkeypatch.setattr("dlterm.data.features.MAX_VALUES", 3)
    assert refusal("a,b\n" + ROWS).message == "people.csv: 4 examples of 1 features are too many"
