"""`dlterm content check`, `glossary`, `tables`, `timeline`: the reference shelf off screen."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dlterm.course.shelf import shelf


def test_the_course_itself_has_no_problems(dlterm):
    assert dlterm("content", "check")[:2] == (0, "")


def test_problems_are_lines_and_the_answer_is_no(dlterm, lines, tmp_path):
    (tmp_path / "glossary.toml").write_text("x = 3")
    code, stdout, stderr = dlterm("content", "check", str(tmp_path))
    assert (code, stderr) == (1, "1 problem\n")
    assert stdout.startswith("glossary.toml: ")
    assert lines(dlterm("content", "check", str(tmp_path), "--json")[1])[0]["file"] == "glossary.toml"
    assert dlterm("content", "check", str(tmp_path / "none"))[0] == 66


def test_a_term_is_found_by_any_of_its_names(dlterm):
    term = next(term for term in shelf().terms.values() if term.also)
    for name in (term.id, term.name.upper(), term.also[0]):
        code, stdout, _ = dlterm("glossary", *name.split())
        assert code == 0
        assert stdout.startswith(term.name)
        assert term.text in stdout


def test_an_unknown_term_names_those_near(dlterm):
    code, _, stderr = dlterm("glossary", "sofmax")
    assert code == 66
    assert "did you mean Softmax?" in stderr


def test_terms_are_listed_in_order(dlterm):
    names = dlterm("glossary")[1].splitlines()
    assert len(names) == len(shelf().terms) >= 150
    assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize("name", sorted(shelf().tables))
def test_every_table_is_printed_as_rows_and_as_json(dlterm, lines, name):
    table = shelf().tables[name]
    header, *rows = dlterm("tables", name)[1].splitlines()
    assert header.split("\t") == list(table.columns)
    assert len(rows) == len(table.rows)
    records = lines(dlterm("tables", name, "--json")[1])
    assert len(records) == len(rows)
    assert all(set(record) == set(table.columns) for record in records)


def test_tables_are_listed_and_an_unknown_one_named(dlterm):
    assert "chips" in dlterm("tables")[1]
    code, _, stderr = dlterm("tables", "chip")
    assert code == 66
    assert "the tables are" in stderr


def test_the_timeline_can_be_narrowed(dlterm, lines):
    events = lines(dlterm("timeline", "--json")[1])
    assert len(events) >= 60
    assert (events[0]["year"], events[-1]["year"]) == (1943, 2024)
    some = lines(dlterm("timeline", "--from", "1980", "--to", "1989", "--kind", "idea", "--json")[1])
    assert some == [e for e in events if 1980 <= e["year"] <= 1989 and e["kind"] == "idea"]
    assert dlterm("timeline", "--kind", "x")[0] == 2


def test_the_glossary_needs_neither_textual_nor_numba(tmp_path):
    program = (
        "import sys; from dlterm.cli.main import main; main(['glossary', 'softmax'])\n"
        "sys.exit(bool({'textual', 'numba', 'numpy', 'rich'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_a_table_is_drawn_where_it_has_a_chart(dlterm, lines):
    code, stdout, _ = dlterm("tables", "chips", "--chart")
    assert code == 0
    assert "4004" in stdout
    drawn = lines(dlterm("tables", "chips", "--chart", "--json")[1])[0]
    assert drawn["view"] == "Curves"
    assert drawn["log_y"] is True
    code, _, stderr = dlterm("tables", "frameworks", "--chart")
    assert code == 2
    assert "chips" in stderr
