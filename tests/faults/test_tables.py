"""Tables that cannot be learned from end in one or two lines that say where and what to do; odd ones that can, work."""

from __future__ import annotations

import gzip
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

ROWS = "".join(f"{n},{n % 7},{'xy'[n % 2]}\n" for n in range(20))
GOOD = "a,b,kind\n" + ROWS
NUMBERS = "".join(f"{n},{n % 7}.5\n" for n in range(20))
PAYLOADS = {
    "ESC": "\x1b[2J",
    "a title": "\x1b]0;owned\x07",
    "a clipboard": "\x1b]52;c;cm0gLXJm\x1b\\",
    "C1": "\x9b31m",
    "a backspace": "\b\b",
    "right to left": "\u202e",
    "an isolate": "\u2066",
    "a line separator": "\u2028",
}


def assert_harmless(text):
    assert not any(unicodedata.category(character) == "Cc" for character in text)
    assert not set(text) & {
        *map(chr, range(0x202A, 0x202F)),
        *map(chr, range(0x2066, 0x206A)),
        "\u2028",
        "\u2029",
    }


def lines_of(error_lines):
    """Refuse what no reader should ever see, or a terminal should never get."""
    assert 1 <= len(error_lines) <= 2
    assert error_lines[0].startswith("dlterm: error: ")
    assert all(line.startswith("hint: ") for line in error_lines[1:])
    text = "".join(error_lines)
    assert "Traceback" not in text
    assert "bug" not in text
    assert_harmless(text)
    return text


# What is in data.csv, the arguments beside it, and what is said of it.
TABLES = {
    "blank lines alone": ("\n \n\n", [], "data.csv: empty"),
    "a byte order mark alone": ("\ufeff", [], "data.csv: empty"),
    "a header and blank lines": ("a,b\n\n\n", [], "data.csv: no examples"),
    "three examples": ("a,b\n1,2\n2,1\n3,2\n", [], "data.csv: 3 examples; at least 4"),
    "UTF-16, the other end first": ("\ufeffa,b\n".encode("utf-16-be"), [], "the text is UTF-16"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), [], "a NUL byte"),
    "UTF-32": (GOOD.encode("utf-32"), [], "the text is UTF-32"),
    "Latin-1 in the middle": (GOOD + "1,2,é\n", [], "data.csv:22: the byte 0xe9 is not UTF-8"),
    "Windows-1252": ("a,“b”\n1,2\n".encode("cp1252"), [], "data.csv:1: the byte 0x93 is not UTF-8"),
    "a gzip file": (gzip.compress(GOOD.encode()), [], "compressed by gzip"),
    "a spreadsheet": (b"PK\x03\x04" + bytes(100), [], "a spreadsheet"),
    "a database": (b"SQLite format 3\0" + bytes(100), [], "an SQLite database"),
    "a Parquet file by another name": (b"PAR1" + bytes(100) + b"PAR1", [], "a Parquet file"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(100), [], "a NUL byte"),
    "one short row": (GOOD + "1,2\n", [], "data.csv:22: 2 fields; the first row has 3"),
    "ragged rows": (
        GOOD + "1\n1,2\n1,2,x\n1,2,3,4\n1\n1\n1\n1\n",
        [],
        "data.csv:22: 1 field; the first row has 3; lines 23 (2), 25 (4), 26 (1), 27 (1) differ, too: 7 in all",
    ),
    "a row of commas": (GOOD + ",,\n", [], 'data.csv:22: "kind" is missing'),
    "headers that differ in spaces": (GOOD.replace("a,b", "a, a", 1), [], 'both named "a"'),
    "an empty quoted header": (GOOD.replace("a,b", 'a,""', 1), [], "column 2 has no name"),
    "a header of control characters twice": (
        GOOD.replace("a,b", "\x1b,\x07", 1),
        [],
        "columns 1 and 2 are both named",
    ),
    "an unclosed quote": (GOOD + '1,"2,x\n' + ROWS, [], "data.csv:22: a quote is opened and not closed"),
    "an unclosed quote in the header": (
        'a,"b,kind\n' + ROWS,
        [],
        "data.csv:1: a quote is opened and not closed",
    ),
    "text after a quote": (GOOD + '1,"2"3,x\n', [], "data.csv:22: a field goes on after its closing quote"),
    "a field of 200,000 characters": (GOOD + f"1,{'9' * 200_000},x\n", [], "data.csv:22: a field is longer"),
    "a quoted field of 200,000 characters": (
        GOOD + f'1,"{"x " * 100_000}",x\n',
        [],
        "data.csv:22: a field is longer",
    ),
    "a line of two million characters": (GOOD + "1," * 1_000_000, [], "data.csv:22: the line is longer"),
    "10,001 columns": (",".join(f"c{n}" for n in range(10_001)) + "\n", [], "data.csv:1: 10,001 columns"),
    "no delimiter": ("a b\n1 2\n3 4\n5 6\n7 8\n", [], "one column only"),
    "inf": (GOOD + "inf,2,x\n", [], 'data.csv:22: "a" is "inf"; a number was expected'),
    "-Infinity": (GOOD + "1,-Infinity,x\n", [], 'data.csv:22: "b" is "-Infinity"; a number was expected'),
    "1e999": (GOOD + "1e999,2,x\n", [], 'data.csv:22: "a" is "1e999"; a number was expected'),
    "1e39, beyond float32": (GOOD + "1,1e39,x\n", [], 'data.csv:22: "b" is "1e39"; a number was expected'),
    "1_000": (GOOD + "1_000,2,x\n", [], 'data.csv:22: "a" is "1_000"; a number was expected'),
    "1 000": (GOOD + "1 000,2,x\n", [], 'data.csv:22: "a" is "1 000"; a number was expected'),
    "hexadecimal": (GOOD + "0x10,2,x\n", [], 'data.csv:22: "a" is "0x10"; a number was expected'),
    "Arabic digits": (GOOD + "٣,2,x\n", [], 'data.csv:22: "a" is "٣"; a number was expected'),
    "full-width digits": (GOOD + "１,2,x\n", [], 'data.csv:22: "a" is "１"; a number was expected'),
    "a minus that is a dash": (GOOD + "−3,2,x\n", [], 'data.csv:22: "a" is "−3"; a number was expected'),
    "a percentage": (GOOD + "3%,2,x\n", [], 'data.csv:22: "a" is "3%"; a number was expected'),
    "an amount": (GOOD + "$3,2,x\n", [], 'data.csv:22: "a" is "$3"; a number was expected'),
    "5,000 digits": (GOOD + f"{'9' * 5000},2,x\n", [], 'data.csv:22: "a" is "9999'),
    "decimal commas": (
        "a;b;kind\n" + "1,5;2,5;x\n2,5;1,5;y\n" * 4,
        [],
        'data.csv:2: "a" is "1,5"; a number was',
    ),
    "one decimal comma in quotes": (
        GOOD + '"1,5",2,x\n',
        [],
        'data.csv:22: "a" is "1,5"; a number was expected',
    ),
    "NaN": (GOOD + "NaN,2,x\n", [], 'data.csv:22: "a" is "NaN", a missing value'),
    "NA and NULL": (GOOD + "NA,2,x\n1,NULL,x\n", [], 'data.csv:22: "a" is "NA", a missing value'),
    "a missing label": (GOOD + "1,2,\n", [], 'data.csv:22: "kind" is missing'),
    "a missing value, named": (
        GOOD + "-999,2,x\n",
        ["--na", "-999"],
        'data.csv:22: "a" is "-999", a missing value',
    ),
    "another word than the named": (
        GOOD + "?,2,x\n",
        ["--na", "n/a", "--missing", "mean"],
        'data.csv:22: "a" is "?", a missing value',
    ),
    "a typo among missing values": (
        GOOD + "?,2,x\n1o,2,x\n",
        ["--missing", "drop"],
        'data.csv:23: "a" is "1o"; a number was expected',
    ),
    "too many rows dropped": (
        GOOD,
        ["--na", "x,y", "--missing", "drop"],
        "no examples; at least 4 are needed",
    ),
    "nothing to fill with": (
        "a,b,c\n" + "1,,0\n2,,1\n" * 4,
        ["--missing", "median"],
        '"b" has no value in any row',
    ),
    "one class": ("a,b\n" + "1,x\n2,x\n" * 4, [], '"b" has one class only, "x"'),
    "one value": ("a,b\n" + "1,2.5\n2,2.5\n" * 4, [], '"b" is 2.5 in every row'),
    "a class a row": ("a,b\n1,p\n2,q\n3,r\n4,s\n", [], "a class of its own in every row"),
    "1,001 classes": (
        "a,b\n" + "".join(f"1,c{n}\n2,c{n}\n" for n in range(1001)),
        [],
        "1,001 classes; at most 1,000",
    ),
    "text of 65 values": ("a,b\n" + "".join(f"t{n},{n % 2}\n" for n in range(65)), [], "65 different values"),
    "words to predict as numbers": (
        GOOD,
        ["--task", "regression"],
        'data.csv:2: "kind" is "x"; a number was',
    ),
    "a number's typo to predict": (
        "a,b\n" + NUMBERS + "1,2..5\n",
        [],
        'data.csv:22: "b" is "2..5"; a number was',
    ),
    "dates": (
        "day,b\n" + "2024-02-29,1\n2024-03-01,0\n" * 4,
        [],
        'data.csv:2: "day" is "2024-02-29", a date',
    ),
    "dates to predict": (
        "a,day\n" + "1,29.02.2024\n2,01.03.2024\n" * 4,
        [],
        'data.csv:2: "day" is "29.02.2024", a date',
    ),
    "a target that is not there": (GOOD, ["--target", "knd"], 'no column is named "knd"'),
    "a target of no name": (GOOD, ["--target", " "], 'no column is named ""'),
    "a column number 0": (GOOD, ["--target", "0"], 'no column is named "0"'),
    "a target of escape codes": (GOOD, ["--target", "\x1b[2J"], "no column is named"),
    "an ignored column that is not there": (GOOD, ["--ignore", "a,c"], 'no column is named "c"'),
    "all features ignored": (GOOD, ["--ignore", "1,2"], "no feature is left"),
    "all columns ignored": (GOOD, ["--ignore", "1,2,3"], "no feature is left"),
}


@pytest.mark.parametrize(("content", "arguments", "said"), TABLES.values(), ids=TABLES)
def test_a_table_that_cannot_be_learned_from_is_named_with_its_fault(
    refused, tmp_path, content, arguments, said
):
    encoding = "latin-1" if "0xe9" in said else "utf-8"
    (tmp_path / "data.csv").write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    code, lines = refused("data.csv", *arguments)
    assert said in lines_of(lines)
    assert code == 65


OPTIONS = {
    "a way with missing values that is none": ["--missing", "guess"],
    "a word for missing values of 300 characters": ["--na", "n" * 300],
    "a task that is none": ["--task", "clustering"],
    "the target ignored": ["--target", "kind", "--ignore", "kind"],
    "a loss for classes on values": ["--target", "a", "--loss", "cross_entropy"],
}


@pytest.mark.parametrize("arguments", OPTIONS.values(), ids=OPTIONS)
def test_an_option_that_does_not_fit_the_table_is_wrong_usage(refused, tmp_path, arguments):
    (tmp_path / "data.csv").write_text(GOOD)
    code, lines = refused("data.csv", *arguments)
    assert lines_of(lines)
    assert code == 2


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_name_label_or_file_name_commands_a_terminal(refused, trained, tmp_path, payload):
    name = f"{payload}.csv".replace("/", "")
    for content in (
        GOOD.replace("a,", f"a{payload},", 1) + f"{payload},2,x\n",
        GOOD.replace("kind", f'"{payload}"', 1) + "1,2,\n",
        GOOD + f"1,{payload}\n",
        f"{payload}a,kind\n" + f"{payload}a,1\n" * 3,
    ):
        (tmp_path / name).write_text(content, encoding="utf-8", newline="")
        code, lines = refused(name, "--target", "2")
        lines_of(lines)
        assert code == 65
    labelled = GOOD.replace(",x", f',"k{payload}"').replace("b,", f'"b{payload}",', 1)
    (tmp_path / name).write_text(labelled, encoding="utf-8", newline="")
    assert_harmless("".join(trained(name)))


NAMES = {
    "a file that is not there": ("nothing.csv", 66),
    "a Parquet file that is not there": ("nothing.parquet", 66),
    "a set's name misspelt": ("iriss", 66),
    "a file below a file": ("data.csv/more.csv", 66),
    "a character device": ("/dev/null", 66),
    "an endless device": ("/dev/zero", 66),
    "a folder": ("folder", 66),
    "a folder with an ending": ("folder.csv", 66),
    "a link to itself": ("loop.csv", 66),
    "a link to nowhere": ("nowhere.csv", 66),
    "a name with escape codes": ("\x1b[31mred.csv", 66),
    "a sparse file of 10 GB": ("sparse.csv", 65),
    "a sparse Parquet file of 10 GB": ("sparse.parquet", 65),
    "CSV named .jsonl": ("table.jsonl", 65),
    "CSV named .parquet": ("table.parquet", 65),
    "a sparse file below the limit": ("zeros.csv", 65),
}


@pytest.mark.parametrize(("name", "expected"), NAMES.values(), ids=NAMES)
def test_what_is_not_a_table_s_file_is_refused(refused, tmp_path, name, expected):
    for each in ("data.csv", "table.jsonl", "table.parquet"):
        (tmp_path / each).write_text(GOOD)
    for each in ("folder", "folder.csv"):
        (tmp_path / each).mkdir()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "nowhere.csv").symlink_to("gone.csv")
    for each, size in ("sparse.csv", 10**10), ("sparse.parquet", 10**10), ("zeros.csv", 10**8):
        with (tmp_path / each).open("wb") as file:
            file.truncate(size)
    code, lines = refused(name)
    lines_of(lines)
    assert code == expected


def test_a_file_that_is_written_to_meanwhile_is_refused(refused, tmp_path, monkeypatch):
    from dlterm.data import source

    path = tmp_path / "data.csv"
    path.write_text(GOOD)
    check = source._check_line

    def grow(line, size, place, number):
        if number == 1:
            with path.open("a") as file:
                file.write("1,2,x\n")
        check(line, size, place, number)

    monkeypatch.setattr(source, "_check_line", grow)
    code, lines = refused("data.csv")
    assert "data.csv: it changed while it was read" in lines_of(lines)
    assert code == 65


WORKS = {
    "a byte order mark": "\ufeff" + GOOD,
    "Windows line ends": GOOD.replace("\n", "\r\n"),
    "the line ends of an old Macintosh": GOOD.replace("\n", "\r"),
    "blank lines": GOOD.replace("\n", "\n\n"),
    "no last line end": GOOD.rstrip(),
    "semicolons": GOOD.replace(",", ";"),
    "tabs": GOOD.replace(",", "\t"),
    "bars": GOOD.replace(",", "|"),
    "no header": ROWS.replace("x", "0").replace("y", "1"),
    "spaces": GOOD.replace(",", " , "),
    "1, 1.0 and 01 as one class": "a,b\n" + "1,1\n2,1.0\n3,01\n4,0\n5,-0\n" * 4,
    "a class of one example": GOOD + "1,2,z\n",
    "constant columns": "a,b,c,kind\n" + "".join(f"7,x,{n},{n % 2}\n" for n in range(20)),
    "numbers of 1e30": "a,b,kind\n" + "".join(f"{n}e30,-{n}e-30,{n % 2}\n" for n in range(20)),
    "names in other scripts": GOOD.replace("a,b", "größe,体重", 1).replace(",x", ",кот"),
    "quoted everything": '"a","b","kind"\n' + "".join(f'"{n}","{n}","{"xy"[n % 2]}"\n' for n in range(20)),
}


@pytest.mark.parametrize("content", WORKS.values(), ids=WORKS)
def test_an_odd_table_is_trained_on(trained, tmp_path, content):
    (tmp_path / "data.csv").write_text(content, encoding="utf-8", newline="")
    assert not any("error" in line for line in trained("data.csv"))


def test_ten_thousand_columns_are_trained_on(trained, tmp_path):
    header = ",".join(f"c{n}" for n in range(9999)) + ",kind\n"
    rows = "".join(",".join(str((n * k) % 7) for k in range(9999)) + f",{n % 2}\n" for n in range(8))
    (tmp_path / "data.csv").write_text(header + rows)
    assert any("classes: 0 4, 1 4" in line for line in trained("data.csv"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of its memory")
def test_a_million_rows_are_trained_on_in_less_than_a_gigabyte(tmp_path):
    block = "".join(f"{n % 97 / 7!r},{n % 89 / 3!r},{n % 83 / 11!r},{n % 2}\n" for n in range(10_000))
    with Path(tmp_path / "data.csv").open("w") as file:
        file.write("a,b,c,kind\n")
        file.writelines(block for _ in range(100))
    code = (
        "import sys\nfrom pathlib import Path\nfrom dlterm.cli.main import main\n"
        "assert main(['train', 'data.csv', '--epochs', '1', '--batch', '1000', '--no-save', '--quiet']) == 0\n"
        "status = Path('/proc/self/status').read_text()\n"  # rusage would count what the tests had before it began
        "print(status.partition('VmHWM:')[2].split()[0], file=sys.stderr)"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert int(done.stderr) * 1024 < 1e9
    assert '"epochs": 1' in done.stdout
