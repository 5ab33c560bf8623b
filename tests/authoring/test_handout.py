"""A handout has all that the lesson has, room to answer, and nothing that a browser or printer must fetch."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from dlterm.authoring.handout import Cells, Drawing, handout
from dlterm.authoring.handout_html import as_html
from dlterm.authoring.handout_markdown import as_markdown
from dlterm.authoring.sheet import asked
from dlterm.course.lesson import Lesson
from dlterm.course.library import lessons
from dlterm.course.schema import LessonHead
from dlterm.course.shelf import shelf
from dlterm.quiz.bank import bank
from tests.quiz.support import question

VOID = {"meta", "br", "img", "hr"}


class Page(HTMLParser):
    """What a browser makes of a page: its text, its tags, and whether every tag is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.words, self.targets, self.ids = [], [], [], [], set()
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        self.targets += [given[name] for name in ("href", "src", "srcset", "data") if name in given]
        self.ids.add(given.get("id"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "svg"):
            self.words.append(data)


def lesson(markdown, **head):
    return Lesson(
        LessonHead(id="waves", title="Waves & <water>", chapter="Own", minutes=9, **head), markdown, "w.md", 0
    )


@pytest.fixture(scope="module")
def neuron():
    """The handout of a lesson of the course."""
    return handout(lessons()["neuron"], shelf())


def test_a_page_needs_nothing_but_itself(neuron):
    html = as_html(neuron, answers=True)
    page = Page(html)
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert [target for target in page.targets if not target.startswith(("#", "https://"))] == []
    assert {target[1:] for target in page.targets if target.startswith("#")} <= page.ids
    assert "url(" not in html
    assert "@import" not in html
    assert "size: A4" in html


def test_a_page_has_what_the_lesson_says(neuron):
    page = Page(as_html(neuron))
    for said in (
        neuron.head.title,
        neuron.head.question,
        *neuron.head.able,
        "One decision, by hand",
        "z = 0.6 × 1",
        "Next: what neurons",
    ):
        assert said in page.text
    figures = [part for part in neuron.parts if isinstance(part, (Drawing, Cells))]
    assert page.tags.count("figure") == len(figures) == 5
    assert all(figure.caption in page.text for figure in figures)
    assert all(source in page.text for source in neuron.sources)
    assert "](" not in page.text
    assert "[^" not in page.text


def test_networks_are_drawn_as_they_are_after_training(neuron):
    trained = [part for part in neuron.parts if isinstance(part, Drawing) and part.command]
    assert [part.caption.rpartition(". ")[2] for part in trained] == [
        "After 100 epochs.",
        "After 200 epochs.",
    ]
    for part in trained:
        colours = set(re.findall(r'fill="(#\w+)"', part.svg))
        assert len(colours) > 10
        assert "too small" not in part.svg
        assert "no field" not in part.svg


def test_the_key_is_there_only_where_it_is_asked_for(neuron):
    without, with_key = Page(as_html(neuron)), Page(as_html(neuron, answers=True))
    told = [entry.question.explain for entry in bank().lesson("neuron")]
    plain = [explain for explain in told if not re.search(r"[*`_\[]", explain)]
    assert len(plain) > 10
    assert not any(explain in without.text for explain in plain)
    assert all(explain in with_key.text for explain in plain)
    assert with_key.text.startswith(without.text[:-20])


def test_the_page_after_the_questions_holds_the_key(neuron):
    html = as_html(neuron, answers=True)
    assert (
        html.index("<h2>Questions</h2>")
        < html.index("<h2>Sources</h2>")
        < html.index('<section class="key">')
    )
    assert ".key { break-before: page; }" in html


def test_markdown_names_the_pictures_that_lie_beside_it(neuron):
    text, pictures = as_markdown(neuron, answers=True)
    assert set(re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)) == set(pictures)
    assert len(pictures) == 4
    assert all(f"- {able}\n" in text for able in neuron.head.able)
    assert "| architecture | year | key idea |" in text
    cited = set(re.findall(r"\[\^([a-z0-9-]+)\](?!:)", text))
    assert cited == set(re.findall(r"^\[\^([a-z0-9-]+)\]:", text, re.MULTILINE)) == set(neuron.keys)
    assert text.index("## Questions") < text.index("## Answers")


def test_what_a_lesson_says_is_text_and_no_markup():
    page = handout(lesson("<script>alert(1)</script>\n\n[x](javascript:y) <b>bold</b>\n"), shelf())
    html = as_html(page)
    assert "<script" not in html
    assert "<b>bold" not in html
    assert 'href="javascript' not in html
    assert "Waves &amp; &lt;water&gt;" in html


def test_a_lesson_without_questions_or_sources_has_no_headings_for_them():
    html = as_html(handout(lesson("Text.\n"), shelf()), answers=True)
    assert "Questions" not in html
    assert "Sources" not in html


OPTIONS = [{"id": "a", "text": "first", "why": "no"}, {"id": "b", "text": "second", "correct": True}]
SHEET = {
    "single": ({"options": OPTIONS}, "B"),
    "multiple": ({"options": [*OPTIONS, {"id": "c", "text": "third", "correct": True}]}, "B, C"),
    "truefalse": ({"answer": False}, "B"),
    "numeric": ({"answer": 0.25, "unit": "m"}, "0.25 m"),
    "fill": ({"accept": ["weight", "weights", "w"]}, "weight or weights"),
}


@pytest.mark.parametrize("kind", SHEET)
def test_the_key_names_what_is_right(kind):
    fields, key = SHEET[kind]
    assert asked(question(kind, **fields)).key == key


def test_what_is_to_be_ordered_is_mixed_without_what_gives_it_away_and_the_key_puts_it_right():
    items = ["Perceptron (1958)", "Neocognitron (1980)", "LeNet (1989)", "AlexNet (2012)"]
    shown = asked(question("order", items=items, hide_pattern=r" \(\d{4}\)$"))
    assert shown.choices != ("Perceptron", "Neocognitron", "LeNet", "AlexNet")
    by_letter = dict(zip("ABCD", shown.choices, strict=True))
    assert [by_letter[each] for each in shown.key.split(", ")] == [
        "Perceptron",
        "Neocognitron",
        "LeNet",
        "AlexNet",
    ]
    assert shown == asked(question("order", items=items, hide_pattern=r" \(\d{4}\)$"))


def test_pairs_are_found_again_by_the_key():
    pairs = [["one", "eins"], ["two", "zwei"], ["three", "drei"]]
    shown = asked(question("match", pairs=pairs, extra_right=["vier"]))
    by_letter = dict(zip("ABCD", shown.choices, strict=True))
    assert [by_letter[each.split()[1]] for each in shown.key.split(", ")] == ["eins", "zwei", "drei"]
    assert set(shown.choices) == {"eins", "zwei", "drei", "vier"}


def test_every_question_of_the_course_can_be_printed():
    for name in lessons():
        for each in (entry.question for entry in bank().lesson(name)):
            shown = asked(each)
            assert shown.task
            assert shown.key
            assert shown.choices or shown.lines


def test_the_command_writes_what_it_names_and_over_nothing(dlterm, tmp_path):
    to = tmp_path / "class" / "one"
    code, stdout, stderr = dlterm("handout", "neuron", "--to", str(to))
    assert (code, stdout.strip()) == (0, str(to / "neuron.html"))
    assert "training gaussians" in stderr
    names = {path.name for path in to.iterdir()}
    assert names == {"neuron.html", "neuron.md", *(f"neuron-{n}.svg" for n in range(1, 5))}
    before = (to / "neuron.html").read_text()
    assert "Answers" not in before
    assert dlterm("handout", "neuron", "--to", str(to))[0] == 73
    assert dlterm("handout", "neuron", "--to", str(to), "--answers", "--force")[0] == 0
    assert "Answers" in (to / "neuron.html").read_text()
    assert dlterm("handout", "nothing")[0] == 66
