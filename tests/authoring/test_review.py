"""What a careful editor would ask to be mended is told by file and line, and what is good is left in peace."""

from __future__ import annotations

import pytest

from dlterm.authoring.review import review
from dlterm.authoring.spelling import Speller
from tests.authoring.conftest import HEAD, PARAGRAPH, PROSE, QUIZ, SENTENCE

LESSON, QUESTIONS = "lessons/01-waves.md", "lessons/01-waves.quiz.toml"
SOURCE = '[huygens1690]\nauthors = "Christiaan Huygens"\ntitle = "Light"\nyear = 1690\n'
TERM = '[[term]]\nid = "crest"\nname = "Crest"\ntext = "The top of a wave. It moves on."\n'


def test_a_good_pack_has_no_problems(pack, course):
    assert review(pack(), course) == []


def test_the_course_is_well_written(course):
    found = [problem for problem in review(None, course) if "history-4" not in problem.what]
    assert found == []


def clauses(count):
    return "the wave is here, and " * (count // 5) + "it goes on. "


WRONG = {
    "a lesson that is too short": (PARAGRAPH, 0, "70 words of prose"),
    "one that is too long": (24 * PARAGRAPH, 0, "1,680 words of prose"),
    "a paragraph of two ideas": (PROSE + 9 * SENTENCE, 32, "a paragraph of 126 words"),
    "a point of two ideas": (PROSE + "- " + 9 * SENTENCE, 32, "a point of 126 words"),
    "a sentence without end": (PROSE + clauses(50), 32, "a sentence of 53 words: the wave is here"),
    "sentences that are long on average": (12 * (2 * clauses(30) + "\n\n"), 0, "33.0 words a sentence"),
    "many that are long": (12 * (3 * SENTENCE + clauses(30) + "\n\n"), 0, "25% of the sentences have more than 30"),
    "a word that is none": (PROSE + "It is a travling change.", 32, '"travling" is no word'),
    "a set that no course has": (PROSE + "[Try](lab:/etc/passwd).", 32, "no data set"),
    "a recipe that is none": (PROSE + "[Try](lab:xor?hidden=many).", 32, "recipe: hidden"),
    "a figure of no recipe": (PROSE + '```lab\nrecipe = "xor?colour=3"\ncaption = "C."\n```\n', 32, "colour"),
    "an expectation of nothing": (
        PROSE + '```lab\nrecipe = "xor"\nexpect = ["good"]\ncaption = "C."\n```\n', 32, "expect",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "line", "what"), WRONG.values(), ids=WRONG)
def test_what_makes_a_lesson_hard_or_wrong_is_told_where_it_is(pack, course, body, line, what):
    found = review(pack(files={LESSON: HEAD + body}), course)
    assert [problem for problem in found if what in problem.what and problem.line == line], found
    assert all(problem.file == LESSON and problem.mend for problem in found)


def test_what_nothing_leads_to_is_told(pack, course):
    root = pack(files={"sources.toml": "# Sources.\n" + SOURCE, "glossary.toml": TERM})
    assert [(problem.file, problem.line, problem.what) for problem in review(root, course)] == [
        ("glossary.toml", 1, "nothing leads to crest"),
        ("sources.toml", 2, "nothing cites huygens1690"),
    ]
    body = PROSE + "The [crest](term:crest) is its top [^huygens1690].\n"
    assert review(pack(files={LESSON: HEAD + body}), course) == []


def question(number, options):
    shown = ", ".join(
        f'{{ id = "{k}", text = "{text}", ' + ("correct = true }" if right else 'why = "No." }')
        for k, (text, right) in enumerate(options)
    )
    return f'[[question]]\nid = "q{number}"\ntype = "single"\nprompt = "Which?"\nexplain = "So."\noptions = [{shown}]\n'


LONG, SHORT, OTHER = ("this one is right", True), ("no", False), ("nor is this other one", False)


@pytest.mark.parametrize(("longest", "told"), [(2, False), (3, True)])
def test_the_right_option_is_not_the_longest_too_often(pack, course, longest, told):
    asked = [[LONG, SHORT] if k % 2 else [SHORT, LONG] for k in range(longest)]
    asked += [[LONG, OTHER] if k % 2 == 0 else [OTHER, LONG] for k in range(6 - longest)]
    text = QUIZ + "".join(question(*each) for each in enumerate(asked))
    found = review(pack(files={QUESTIONS: text}), course)
    assert bool(found) is told
    if told:
        assert found[-1].what == "the right option is the longest in 3 of 6 single questions"
        assert found[-1].line == 3


def test_the_right_option_is_not_always_at_one_place(pack, course):
    text = QUIZ + "".join(question(k, [OTHER, LONG]) for k in range(4))
    (found,) = review(pack(files={QUESTIONS: text}), course)
    assert found.what == "the right option is number 2 in 4 of 4 single questions"
    text = QUIZ + "".join(question(k, [OTHER, LONG] if k % 2 else [LONG, OTHER]) for k in range(4))
    assert review(pack(files={QUESTIONS: text}), course) == []


def test_links_of_questions_lead_somewhere(pack, course):
    asked = question(1, [OTHER, LONG]) + 'links = ["lesson:nowhere", "lab:xor?x=1"]\n'
    found = review(pack(files={QUESTIONS: QUIZ + asked}), course)
    assert ['no lesson has the id "nowhere"' in found[0].what, "recipe" in found[1].what] == [True, True]


def test_words_of_ones_own_are_words(pack, course):
    body = HEAD + PROSE + "Wobbly things grockle, said Grimbledon.\n"
    assert len(review(pack(files={LESSON: body}), course)) == 2
    assert review(pack(files={"words.toml": 'words = ["grockle", "Grimbledon"]'}), course) == []
    (found,) = review(pack(files={"words.toml": 'word = ["grockle"]'}), course)[-1:]
    assert (found.file, "word" in found.what) == ("words.toml", True)


@pytest.mark.parametrize(
    "word", ["colour", "colourisation", "optimiser", "generalised", "analysing", "centre", "modelled", "naïve",
             "Hinton's", "GPUs", "x", "w1", "neighbours’", "catalogue", "programme", "defence", "tumour"],
)  # fmt: skip
def test_words_of_either_english_are_words(word):
    assert list(Speller(["Hinton"]).unknown(f"It is {word} here.")) == []


@pytest.mark.parametrize("word", ["teh", "recieve", "seperate", "occured", "netwrok", "colur", "bengio"])
def test_what_is_misspelt_is_told(word):
    assert list(Speller(["Bengio"]).unknown(f"It is {word} here.")) == [word]


def test_a_word_that_may_be_meant_is_named():
    assert Speller([]).near("recieve") in ("", "receive", "relieve")
    assert Speller([]).near("wieght") == "weight"


def test_without_a_dictionary_all_else_is_checked(pack, course, monkeypatch):
    monkeypatch.setattr("dlterm.authoring.review.available", lambda: False)
    assert review(pack(files={LESSON: HEAD + PROSE + "It travvels.\n"}), course) == []


def test_a_pack_of_too_many_files_is_one_problem(pack, course):
    root = pack()
    for number in range(2001):
        (root / f"{number}.md").touch()
    assert [problem.what for problem in review(root, course)] == ["more than 2,000 files"]


def test_a_text_that_cannot_be_read_is_told_of_once(pack, course):
    (found,) = review(pack(files={"README.md": "A wave.\n\x1b[2J\n"}), course)
    assert (found.file, found.line) == ("README.md", 2)


def test_an_id_that_the_course_has_is_told_of_before_the_pack_is_added(pack, course):
    taken = QUIZ + question(1, [OTHER, LONG]).replace('id = "q1"', 'id = "neuron-bias"')
    found = review(pack(files={QUESTIONS: taken}), course)
    assert ["neuron-bias" in problem.what for problem in found] == [True]
    assert found[0].mend == "name yours otherwise"
