"""Whatever `dlterm train` is given that cannot work ends in one or two lines and the right code, never a traceback."""

import os
from pathlib import Path

import pytest

GOOD = "a,b,kind\n" + "".join(f"{n},{n % 7},{'xy'[n % 2]}\n" for n in range(20))


FILES = {
    "no bytes": (b"", 65),
    "a header alone": (b"a,b\n", 65),
    "one example": (b"a,b\n1,2\n", 65),
    "bytes that are no text": (bytes(range(256)) * 8, 65),
    "a NUL": (b"a,b\n1,\x002\n3,4\n", 65),
    "UTF-16": (GOOD.encode("utf-16"), 65),
    "Latin-1": ("größe,kind\n1,x\n2,y\n".encode("latin-1") * 9, 65),
    "a short line": (GOOD.encode() + b"1,2\n", 65),
    "a long line": (GOOD.encode() + b"1,2,x,9\n", 65),
    "a quote that never closes": (GOOD.encode() + b'1,2,"x\n', 65),
    "two columns of one name": (GOOD.replace("a,b", "a,a", 1).encode(), 65),
    "a column without a name": (GOOD.replace("a,b", "a,", 1).encode(), 65),
    "one class": (GOOD.replace("x", "y").encode(), 65),
    "a missing value": (GOOD.encode() + b",2,x\n", 65),
    "one column": (b"a\n1\n2\n3\n4\n5\n", 65),
    "a number of 5,000 digits": (GOOD.encode() + b"9" * 5000 + b",2,x\n", 65),
    "a line of 200,000 characters": (GOOD.encode() + b"9" * 200_000 + b"\n", 65),
}


@pytest.mark.parametrize(("content", "code"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_learned_from_is_named(refused, tmp_path, content, code):
    (tmp_path / "data.csv").write_bytes(content)
    ended, lines = refused("data.csv")
    assert ended == code
    assert 1 <= len(lines) <= 2
    assert lines[0].startswith("dlterm: error: data.csv")


ARGUMENTS = {
    "a file that is not there": (["nothing.csv"], 66),
    "a set that is not there": (["spiral"], 66),
    "a directory": (["."], 66),
    "a device": (["/dev/zero"], 66),
    "a name that no file system takes": (["x" * 5000], 66),
    "an empty name of a target": (["good.csv", "--target", ""], 65),
    "a target that is not there": (["good.csv", "--target", "knd"], 65),
    "a column number beyond the last": (["good.csv", "--target", "9"], 65),
    "values where there are words": (["good.csv", "--task", "regression"], 65),
    "a loss for classes on values": (["hills", "--loss", "cross_entropy"], 2),
    "classes of a surface": (["hills", "--task", "classification"], 2),
    "a word for a number": (["xor", "--lr", "fast"], 2),
    "not a number": (["xor", "--lr", "nan"], 2),
    "an infinite rate": (["xor", "--lr", "inf"], 2),
    "a negative rate": (["xor", "--lr", "-1"], 2),
    "a layer of no units": (["xor", "--hidden", "8,0"], 2),
    "a million layers": (["xor", "--hidden", ",".join(["1"] * 100_000)], 2),
    "half a unit": (["xor", "--hidden", "2.5"], 2),
    "no batch": (["xor", "--batch", "0"], 2),
    "everything held out": (["xor", "--test", "1"], 2),
    "negative epochs": (["xor", "--epochs", "-1"], 2),
    "every zeroth epoch": (["xor", "--every", "0"], 2),
    "an activation that is not there": (["xor", "--activation", "swish"], 2),
    "more activations than layers": (["xor", "--activation", "relu,tanh,relu"], 2),
    "a feature that is not there": (["xor", "--features", "x1,cosx1"], 2),
    "a feature twice": (["xor", "--features", "x1,x1"], 2),
    "an axis that is not there": (["good.csv", "--axes", "a,height"], 2),
    "one axis": (["good.csv", "--axes", "a"], 2),
    "an axis twice": (["good.csv", "--axes", "a,A"], 2),
    "a cnn of features": (["digits", "--model", "cnn", "--features", "x1,x2"], 2),
    "a seed beyond all seeds": (["xor", "--seed", str(2**64)], 2),
    "a setting that is not there": (["xor?depth=3"], 2),
    "a broken recipe": (["xor?hidden=8&&=%%%"], 2),
    "two kinds of output": (["xor", "--no-save", "--out", "run"], 2),
    "two sets": (["xor", "circle"], 2),
    "an output below a file": (["xor", "--out", "good.csv/run"], 73),
    "an output that is a file": (["xor", "--out", "good.csv"], 73),
    "an output with files in it": (["xor", "--out", "full"], 73),
}


@pytest.mark.parametrize(("arguments", "code"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments_that_cannot_work_are_refused(refused, tmp_path, arguments, code):
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").touch()
    ended, lines = (
        refused(*arguments, "--epochs", "1") if "--epochs" not in arguments else refused(*arguments)
    )
    errors = [line for line in lines if line.startswith(("dlterm: error: ", "hint: "))]
    assert ended == code, lines
    assert lines[-len(errors) :] == errors
    assert not (tmp_path / "runs").exists()


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(refused, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert refused("pipe")[0] == 66


def test_escape_codes_in_a_file_do_not_reach_the_terminal(refused, tmp_path):
    (tmp_path / "data.csv").write_text(GOOD.replace("kind", "\x1b]0;title\x07kind"))
    _, lines = refused("data.csv", "--target", "\x1b[2Jkind")
    assert not any("\x1b" in line or "\x07" in line for line in lines)


def test_an_unreadable_file_is_77(refused, tmp_path):
    (tmp_path / "data.csv").write_text(GOOD)
    Path(tmp_path / "data.csv").chmod(0)
    if os.access(tmp_path / "data.csv", os.R_OK):
        pytest.skip("this user may read everything")
    assert refused("data.csv")[0] == 77
