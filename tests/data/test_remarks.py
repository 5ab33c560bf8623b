"""What a reader is told of a table before it is trained on, and what is left out of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlterm.data import load
from dlterm.data.dates import is_date
from dlterm.errors import DltermError, ExitCode


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(text, **options):
    Path("people.csv").write_text(text)
    return load("people.csv", **options)


def refusal(text, **options):
    with pytest.raises(DltermError) as caught:
        read(text, **options)
    return caught.value


def labelled(**counts):
    labels = [name for name, count in counts.items() for _ in range(count)]
    return "x,y\n" + "".join(f"{number},{label}\n" for number, label in enumerate(labels))


def test_the_balance_of_the_classes_is_shown():
    assert load("iris").notes[-1] == "classes: setosa 50, versicolor 50, virginica 50"
    assert read(labelled(a=5, b=4)).notes[-1] == "classes: a 5, b 4"


def test_many_classes_are_summed_up():
    notes = read(labelled(**{f"c{number}": 2 + number for number in range(20)})).notes
    assert "classes: 20, with 2 to 21 examples each" in notes


def test_unbalanced_classes_come_with_what_a_constant_guess_scores():
    assert (
        read(labelled(no=93, yes=7)).notes[-1] == 'unbalanced: whoever always answers "no" is right in 93.0%'
    )


def test_a_class_of_one_example_is_named():
    assert read(labelled(a=2, b=2, c=1)).notes[-1] == "with one example, which is not held out: c"


def test_a_feature_that_never_changes_is_named():
    notes = read("a,b,c,y\n1,7,x,0\n2,7,x,1\n3,7,x,0\n4,7,x,1\n").notes
    assert "the same in every row, so of no use: b, c=x" in notes


DATES = (
    "2024-02-29",
    "2024/2",
    "29.02.2024",
    "2/29/24",
    "29 Feb 2024",
    "2024-02-29T10:11:12.5+01:00",
    "10:11:12",
)


@pytest.mark.parametrize("date", DATES)
def test_a_date_is_refused_with_its_line_and_the_way_out(date):
    error = refusal(f"born,y\n{date},a\n{date},b\n2023-01-31,a\n{date},b\n")
    assert error.message == f'people.csv:2: "born" is "{date}", a date'
    assert error.hint.endswith("leave it out: --ignore born")
    assert refusal(f"x,day\n1,{date}\n2,{date}\n3,{date}\n4,2023-01-31\n").message.endswith("a date")


@pytest.mark.parametrize("text", ["1.2.10", "16:10", "2024", "May", "A-12-3", "5551-12", "1/2", "12-34"])
def test_what_only_resembles_a_date_is_a_category(text):
    assert not is_date(text)


def test_dates_may_be_classes_where_the_task_says_so():
    rows = "".join(f"{number},2024-01-0{number % 2 + 1}\n" for number in range(6))
    assert read(f"x,day\n{rows}", task="classification").classes == ("2024-01-01", "2024-01-02")


TABLE = "name,age,born,y\nann,1,2020-01-01,a\nbob,2,2020-01-02,b\neve,3,2020-01-03,a\ndan,4,2020-01-04,b\n"


@pytest.mark.parametrize("ignore", [("name", "born"), ("1", "3"), ("born", "1", "born")])
def test_a_column_is_left_out_by_its_name_or_its_number(ignore):
    dataset = read(TABLE, ignore=ignore)
    assert dataset.features == ("age",)
    np.testing.assert_array_equal(dataset.inputs, [[1], [2], [3], [4]])


def test_without_the_last_column_the_one_before_it_is_the_target():
    assert read("a,b,c,d\n1,2,p,q\n2,3,q,r\n3,4,p,r\n4,5,q,r\n", ignore=["d"]).target == "c"


def test_what_cannot_be_left_out_is_refused():
    error = refusal(TABLE, ignore=["brn"])
    assert (error.message, error.hint) == ('people.csv: no column is named "brn"', 'did you mean "born"?')
    error = refusal(TABLE, ignore=["y"], target="4")
    assert error.message == 'people.csv: "y" is both the target and ignored'
    assert error.exit_code == ExitCode.USAGE
    assert refusal(TABLE, ignore=["1", "2", "3"]).message == "people.csv: no feature is left"
    assert refusal(TABLE, ignore=["1", "2", "3", "4"]).message == "people.csv: no feature is left"
