"""A pack from anywhere: all that is wrong is told by file and line with how to mend it, and nothing of it does harm."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dlterm.course.check import check
from dlterm.course.content import root
from dlterm.course.figures import Experiment
from dlterm.course.library import lessons, unlinked
from dlterm.course.runnable import experiments
from dlterm.course.whole import read_whole
from dlterm.experiments.registry import entries, find

TERM = '[[term]]\nid = "softmax"\nname = "Softmax"\ntext = "One. Two."\n'
SOURCE = '[rumelhart1986]\nauthors = "D. E. Rumelhart"\ntitle = "Learning"\nyear = 1986\n'
TABLE, ABOUT = (
    "year,event,source\n1986,Backpropagation,rumelhart1986\n",
    (
        'title = "T"\nabout = "A."\n[columns]\nyear = "Year."\nevent = "Event."\nsource = "Where it is from."\n'
    ),
)
HEAD = '+++\nid = "neuron"\ntitle = "The neuron"\nchapter = "Basics"\nminutes = 5\n+++\n'
QUIZ = 'format_version = 1\nlesson = "neuron"\n'
SINGLE = """
[[question]]
id = "q-one"
type = "single"
prompt = "?"
explain = "!"
options = [ { id = "a", text = "x", correct = true }, { id = "b", text = "y", why = "no" } ]
"""
PRESET = '[[preset]]\nid = "a"\ntitle = "T"\nnote = "N"\nrecipe = "xor"\n'
CHART = ABOUT + '\n[chart]\nx = "year"\ny = "{}"\nby = "{}"\n'
GOOD = {
    "glossary.toml": TERM,
    "sources.toml": SOURCE,
    "tables/t.csv": TABLE,
    "tables/t.toml": ABOUT,
    "lessons/01-neuron.md": HEAD + "\nSee [softmax](term:softmax) and [a table](table:t) [^rumelhart1986].\n",
    "lessons/01-neuron.quiz.toml": QUIZ + SINGLE,
}


@pytest.fixture
def pack(tmp_path):
    """Write a good pack with some files changed: its directory."""

    def write(changes):
        for name, content in (GOOD | changes).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


def test_a_good_pack_has_no_problems(pack):
    assert check(pack({})) == []


def test_a_prediction_may_run_an_experiment(pack):
    assert check(pack({QUESTIONS: OF_A_RUN})) == []


def question(**fields):
    given = {"id": '"q"', "prompt": '"?"', "explain": '"!"', **fields}
    return QUIZ + "\n[[question]]\n" + "".join(f"{name} = {value}\n" for name, value in given.items())


SWEEP = (
    QUIZ
    + """
[[question]]
id = "p"
type = "predict"
prompt = "?"
explain = "!"
options = [{{ id = "a", text = "1" }}, {{ id = "b", text = "2" }}]
[question.experiment]
runner = "train"
seeds = [0]
measure = "test_loss"
answer = "argmin"
expect = "a"
sweep = {{ noise = {} }}



[[question]]
id = "c"
type = "challenge"
prompt = "?"
explain = "!"
[question.challenge]
data = "xor"
seeds = [0]
require = ["{}"]
pass_seeds = {}
reference = "xor"
"""
)
SOUND = SWEEP.format("[1, 2]", "test_loss <= 1", 1)
OF_A_RUN = SOUND.replace('"train"', '"experiment"\nid = "xor"').replace(
    "sweep = { noise = [1, 2] }", 'measures = ["a", "b"]'
)
OPTIONS = '[ { id = "a", text = "x", correct = true }, { id = "b", text = "y" } ]'
TWO = '[ { id = "a", text = "x", correct = true }, { id = "b", text = "y", correct = true } ]'
TRAPS = '[{ value = 2, why = "x" }]'
LESSON = "lessons/01-neuron.md"
QUESTIONS = "lessons/01-neuron.quiz.toml"
WRONG = {
    "an escape sequence": ({LESSON: HEAD + "\n\x1b[2J"}, LESSON, 8, "U+001B"),
    "a C1 control": ({LESSON: HEAD + "\n\x9b31m"}, LESSON, 8, "U+009B"),
    "a clipboard sequence in a term": ({"glossary.toml": TERM + "# \x1b]52;c;cm0=\x07"}, "glossary.toml", 5, "U+001B"),
    "writing that turns round": ({LESSON: HEAD + "\nabc\u202egpj.exe"}, LESSON, 8, "U+202E"),
    "a line separator": ({"sources.toml": SOURCE + "# \u2028"}, "sources.toml", 5, "U+2028"),
    "bytes that are no text": ({"glossary.toml": b"\xff\xfe\x00"}, "glossary.toml", 1, "not UTF-8"),
    "a file that is huge": ({LESSON: HEAD + "x\n" * 200_000}, LESSON, 0, "larger than 256 KB"),
    "a line that is endless": ({LESSON: HEAD + "x" * 9_000}, LESSON, 7, "more than 5,000 characters"),
    "a key of a thousand parts": (
        {"glossary.toml": ".".join(["a"] * 1000) + " = 1"}, "glossary.toml", 1, "too many parts",
    ),
    "brackets without end": ({"glossary.toml": "term = " + "[" * 3000}, "glossary.toml", 1, "too deeply nested"),
    "brackets line by line": ({"glossary.toml": "term = " + "[\n" * 3000}, "glossary.toml", 0, "not TOML"),
    "a number of many digits": (
        {"sources.toml": SOURCE.replace("1986\n", "9" * 4900 + "\n")}, "sources.toml", 0, "not TOML",
    ),
    "a broken line": ({"glossary.toml": TERM + "id ="}, "glossary.toml", 5, "not TOML"),
    "a key that is there twice": ({"glossary.toml": TERM + 'id = "x"'}, "glossary.toml", 5, "not TOML"),
    "an id that is there twice": ({"glossary.toml": TERM + TERM}, "glossary.toml", 5, "there twice"),
    "a name that is a number": ({"glossary.toml": TERM.replace('"Softmax"', "3")}, "glossary.toml", 3, "name"),
    "a field that is unknown": ({"glossary.toml": TERM + "colour = 3"}, "glossary.toml", 5, "colour"),
    "an id with slashes": ({"glossary.toml": TERM.replace("softmax", "../x")}, "glossary.toml", 2, "id"),
    "a term that is no list": ({"glossary.toml": "[term]\nid = 'x'"}, "glossary.toml", 1, "one table"),
    "a table that has no place": ({"glossary.toml": TERM + "[other]\n"}, "glossary.toml", 5, "no place"),
    "a term of an experiment that is not there": (
        {"glossary.toml": TERM + 'experiments = ["xxor"]'},
        "glossary.toml",
        1,
        "xxor",
    ),
    "a term that is not there": ({"glossary.toml": TERM + 'see = ["logit"]'}, "glossary.toml", 1, "logit"),
    "a source that is not there": ({"glossary.toml": TERM + 'sources = ["b1"]'}, "glossary.toml", 1, "no source b1"),
    "a DOI that is none": ({"sources.toml": SOURCE + 'doi = "x"'}, "sources.toml", 5, "doi"),
    "an address that runs code": ({"sources.toml": SOURCE + 'url = "javascript:x"'}, "sources.toml", 5, "url"),
    "a row of other length": ({"tables/t.csv": TABLE + "1,2\n"}, "tables/t.csv", 3, "2 cells"),
    "a row without a source": ({"tables/t.csv": TABLE + "1,2,\n"}, "tables/t.csv", 3, "no source"),
    "a quote that never closes": ({"tables/t.csv": TABLE + '"1,2\n'}, "tables/t.csv", 3, "not CSV"),
    "no column of sources": ({"tables/t.csv": "year,event\n1,2\n"}, "tables/t.csv", 1, "last column"),
    "a column nobody explains": ({"tables/t.csv": "x,event,source\n"}, "tables/t.csv", 1, "nothing says what x is"),
    "a chart of words": ({"tables/t.toml": CHART.format("event", "year")}, "tables/t.toml", 0, "no column of numbers"),
    "a chart by no column": ({"tables/t.toml": CHART.format("year", "colour")}, "tables/t.toml", 0, "is no column"),
    "a chart with a field too many": (
        {"tables/t.toml": CHART.format("year", "year") + "colour = 3\n"}, "tables/t.toml", 0, "colour",
    ),
    "a lesson without a head": ({LESSON: "# Hello\n"}, LESSON, 1, "no front matter"),
    "a head that is no TOML": ({LESSON: "+++\nid =\n+++\n"}, LESSON, 2, "not TOML"),
    "a link that runs code": ({LESSON: HEAD + "[x](javascript:y)"}, LESSON, 7, "javascript"),
    "a link out of the pack": ({LESSON: HEAD + "\n[x](../../etc/passwd)"}, LESSON, 8, "etc/passwd"),
    "a link to an option": ({LESSON: HEAD + "\n[x](--help)"}, LESSON, 8, "--help"),
    "a link whose words wrap": ({LESSON: HEAD + "\nSee [soft\nmax](term:softmaxx)."}, LESSON, 9, "softmaxx"),
    "a link to an experiment that there is not": (
        {LESSON: HEAD + "\n[x](experiment:xro)"},
        LESSON,
        8,
        'no experiment "xro"',
    ),
    "a figure of an experiment that there is not": (
        {LESSON: HEAD + '\n```experiment\nid = "xro"\ncaption = "c"\n```\n'},
        LESSON,
        8,
        'no experiment "xro"',
    ),
    "a link with a blank in it": ({LESSON: HEAD + "\n[x](lab:xor?hidden=4, 4)"}, LESSON, 8, "a blank"),
    "a lesson that is not there": ({LESSON: HEAD.replace("+++\n", '+++\nneeds = ["x"]\n', 1)}, LESSON, 2, '"x"'),
    "a question of no type": ({QUESTIONS: question(type='"essay"')}, QUESTIONS, 4, "essay"),
    "two right answers": ({QUESTIONS: question(type='"single"', options=TWO)}, QUESTIONS, 4, "2 options are correct"),
    "a wrong answer without a why": ({QUESTIONS: question(type='"single"', options=OPTIONS)}, QUESTIONS, 4, "why"),
    "a trap that is right": (
        {QUESTIONS: question(type='"numeric"', answer="1", tolerance="{ abs = 1 }", traps=TRAPS)}, QUESTIONS, 4, "trap",
    ),
    "a pattern to hide that is none": (
        {QUESTIONS: question(type='"order"', items='["a", "b", "c"]', hide_pattern="'('")}, QUESTIONS, 4, "hide_pat",
    ),
    "items that look alike": (
        {QUESTIONS: question(type='"order"', items='["a1", "a2", "c"]', hide_pattern="'[0-9]'")}, QUESTIONS, 4, "twice",
    ),
    "a sweep of other length": (
        {QUESTIONS: SWEEP.format("[1, 2, 3]", "test_loss <= 1", 1)}, QUESTIONS, 4, "one value for each option",
    ),
    "no such runner": ({QUESTIONS: SOUND.replace('"train"', '"rocket"')}, QUESTIONS, 4, "no runner"),
    "an experiment that is not there": ({QUESTIONS: OF_A_RUN.replace("xor", "rocket")}, QUESTIONS, 4, "no experiment"),
    "a recipe with an experiment": (
        {QUESTIONS: SOUND.replace("seeds =", 'id = "xor"\nseeds =', 1)}, QUESTIONS, 4, "trained",
    ),
    "measures and a sweep": (
        {QUESTIONS: SOUND.replace("sweep =", 'measures = ["a", "b"]\nsweep =')}, QUESTIONS, 4, "or twice",
    ),
    "neither measures nor a sweep": ({QUESTIONS: SOUND.replace("sweep =", "params =")}, QUESTIONS, 4, "is not said"),
    "a measure too many": ({QUESTIONS: OF_A_RUN.replace('"b"]', '"b", "c"]')}, QUESTIONS, 4, "one measure for each"),
    "a requirement that is none": ({QUESTIONS: SWEEP.format("[1, 2]", "be good", 1)}, QUESTIONS, 20, "no requirement"),
    "more seeds than there are": (
        {QUESTIONS: SWEEP.format("[1, 2]", "test_loss <= 1", 2)}, QUESTIONS, 20, "more seeds",
    ),
    "a pattern that is none": (
        {QUESTIONS: question(type='"fill"', accept='["x"]', accept_regex='["("]')}, QUESTIONS, 4, "accept_regex",
    ),
    "a hint that tells": (
        {QUESTIONS: question(type='"fill"', accept='["loss"]', hints='["the loss"]')}, QUESTIONS, 4, "hint",
    ),
    "an item twice": ({QUESTIONS: question(type='"order"', items='["a", "b", "a"]')}, QUESTIONS, 4, "twice"),
    "a question twice": ({QUESTIONS: QUIZ + SINGLE + SINGLE}, QUESTIONS, 11, "twice"),
    "a quiz of no lesson": ({QUESTIONS: QUIZ.replace("neuron", "x") + SINGLE}, QUESTIONS, 1, "no lesson"),
    "a preset without a recipe": ({"presets.toml": PRESET.replace("recipe", "x")}, "presets.toml", 5, "field `x`"),
    "a preset twice": ({"presets.toml": PRESET + PRESET}, "presets.toml", 6, "there twice"),
    "presets that are no list": ({"presets.toml": "[preset]\n"}, "presets.toml", 1, "one table"),
    "a text that is not used": ({"README.md": "Look:\n\x1b]52;c;cm0=\x07"}, "README.md", 2, "U+001B"),
    "a program": ({"run.py": "import os"}, "run.py", 0, "no such files"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "file", "line", "what"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_where_it_is(pack, changes, file, line, what):
    begun = time.monotonic()
    problems = check(pack(changes))
    assert time.monotonic() - begun < 5
    found = [
        problem
        for problem in problems
        if (problem.file, problem.line) == (file, line) and what in problem.what
    ]
    assert found, problems
    assert found[0].mend
    assert not any(
        ord(character) < 32 or 127 <= ord(character) < 160
        for problem in problems
        for character in str(problem)
    )


def test_a_link_out_of_the_pack_is_not_followed(pack, tmp_path):
    root = pack({})
    (root / "lessons" / "02-passwd.md").symlink_to("/etc/passwd")
    (root / "tables" / "etc").symlink_to("/etc")
    problems = check(root)
    assert {problem.file for problem in problems} == {"lessons/02-passwd.md", "tables/etc"}
    assert not any("root" in str(problem) for problem in problems)


def test_a_pipe_is_not_waited_for(pack):
    root = pack({})
    os.mkfifo(root / "lessons" / "03-pipe.md")
    assert {problem.file for problem in check(root)} == {"lessons/03-pipe.md"}


def test_a_directory_full_of_files_is_refused_at_once(pack):
    root = pack({})
    (root / "many").mkdir()
    for number in range(2001):
        (root / "many" / f"{number}.md").touch()
    assert "more than 2,000 files" in check(root)[0].what


def test_markup_is_only_text(pack):
    assert check(pack({"glossary.toml": TERM.replace("One.", "[@click=app.quit]One[/].")})) == []


FIGURES = {
    "a figure that is no TOML": ("lab", "recipe = ", "Invalid value"),
    "a figure without a caption": ("lab", 'recipe = "xor"', "caption"),
    "a field that a figure has not": ("lab", 'recipe = "xor"\ncaption = "c"\nspeed = 3', "speed"),
    "a fence that is never closed": ("lab", None, "never closed"),
    "a chart of no table": ("chart", 'table = "nope"\ncaption = "c"', 'no table "nope"'),
    "a column that a table has not": ("table", 'table = "t"\ncolumns = ["x"]\ncaption = "c"', "no column x"),
    "a row that a table has not": ("table", 'table = "t"\nrows = ["1900"]\ncaption = "c"', "no row 1900"),
    "bars without values": ("bars", 'labels = ["a", "b", "c"]\nvalues = [1, 2]\ncaption = "c"', "as many labels"),
    "bars of no one": ("bars", 'labels = ["a", "b"]\nvalues = [1, 2]\nsources = ["x"]\ncaption = "c"', "no source x"),
    "a timeline that runs back": ("timeline", 'first = 1970\nlast = 1960\ncaption = "c"', "ends before"),
    "a layer without a word": ("network", 'layers = [2, 3]\nwords = ["a"]\ncaption = "c"', "as many words"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "what"), FIGURES.values(), ids=FIGURES.keys())
def test_a_figure_is_checked(pack, kind, text, what):
    body = f"\nBefore.\n\n```{kind}\n" + ("" if text is None else f"{text}\n```\n\nAfter.\n")
    found = check(pack({LESSON: HEAD + body}))
    assert [(problem.file, problem.line) for problem in found] == [(LESSON, 10)]
    assert what in found[0].what


def test_a_lesson_is_cut_into_text_and_figures():
    from dlterm.course.figures import Lab
    from dlterm.course.lesson import Lesson

    markdown = 'One.\n\n```lab\nrecipe = "xor"\ncaption = "c"\n```\n\n```python\nx = 1\n```\n\nTwo.\n'
    text, figure, rest = Lesson(None, markdown, "x.md", 6).parts
    assert (text.line, text.text) == (7, "One.\n")
    assert (figure.line, figure.figure) == (9, Lab(recipe="xor", caption="c"))
    assert rest.text == "```python\nx = 1\n```\n\nTwo.\n"


def test_what_looks_like_a_link_in_code_is_none(pack):
    body = "\nCall `f[0](x)`:\n\n    f[0](x y)\n\n```python\nf[0](x)\n```\n"
    assert check(pack({LESSON: HEAD + body})) == []


def test_a_pack_may_speak_of_what_the_course_has(pack, tmp_path):
    body = "\nA [neuron](term:neuron), [later](lesson:layers), [chips](table:chips) [^rosenblatt1958].\n"
    alone = check(pack({LESSON: HEAD + body}))
    assert len(alone) == 4
    course = read_whole(Path(str(root())), [])
    assert check(tmp_path, course) == []


def test_what_texts_may_name_are_the_experiments_that_there_are(pack):
    assert experiments() == {entry.id for entry in entries()}
    text = "\n[x](experiment:xor)\n\n" + '```experiment\nid = "xor"\nviews = ["2-1"]\ncaption = "c"\n```\n'
    assert not check(pack({LESSON: HEAD + text}))


def test_the_views_that_a_figure_names_are_the_experiments():
    for lesson in lessons().values():
        for figure in (part.figure for part in lesson.parts if isinstance(part.figure, Experiment)):
            moments = find(figure.id)().run(0)
            assert set(figure.views) <= next(moments).views.keys(), (lesson.head.id, figure.id)
            moments.close()


def test_a_link_to_an_experiment_reads_as_the_command_that_runs_it():
    assert unlinked("See [how](experiment:data-growth).") == "See how (`dlterm run data-growth`)."


def test_a_link_reads_as_its_words_also_where_they_wrap():
    text = "The [loss\nfunction](term:loss) of [a net](lab:xor?hidden=4), and [more](https://x.example)."
    assert unlinked(text) == (
        "The loss\nfunction of a net (`dlterm lab 'xor?hidden=4'`), and [more](https://x.example)."
    )
