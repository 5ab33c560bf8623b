from __future__ import annotations

import pytest
from textual.css import stylesheet as textual_stylesheet
from textual.css.stylesheet import Stylesheet, StylesheetParseError

from dlterm.tui.stylesheet import KeptStylesheet


@pytest.fixture
def parsed(monkeypatch):
    """The pieces of CSS that were really parsed."""
    pieces = []
    parse = textual_stylesheet.parse

    def counted(scope, css, *values, **options):
        pieces.append(css)
        return parse(scope, css, *values, **options)

    monkeypatch.setattr(textual_stylesheet, "parse", counted)
    return pieces


def filled(make, count=100):
    sheet = make(variables={"primary": "#102030"})
    for k in range(count):
        sheet.add_source(f"#name{k} {{ color: $primary; width: {k}; }}", read_from=(f"{k}", ""))
    sheet.parse()
    return sheet


def test_what_was_parsed_is_not_parsed_again(parsed):
    sheet = filled(KeptStylesheet)
    del parsed[:]
    sheet.set_variables({"primary": "#102030"})
    sheet.add_source("#new { width: 1; }", read_from=("new", ""))
    sheet.reparse()
    assert parsed == ["#new { width: 1; }"]
    assert len(sheet.rules) == 101


def test_the_rules_are_textuals():
    ours, theirs = filled(KeptStylesheet), filled(Stylesheet)
    for sheet in (ours, theirs):
        sheet.set_variables({"primary": "#ff0000"})
        sheet.reparse()
    assert ours.css == theirs.css
    assert "#FF0000" in ours.css


def test_css_that_is_invalid_is_an_error_and_changes_nothing():
    sheet = filled(KeptStylesheet, 3)
    before = sheet.css
    sheet.add_source("#bad { color: no-such-colour; }", read_from=("bad", ""))
    with pytest.raises(StylesheetParseError):
        sheet.reparse()
    sheet._require_parse = False
    assert sheet.css == before
