"""Each type is graded as its author meant, in whatever form a right answer comes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.quiz.asking import ask
from dlterm.quiz.bank import bank
from dlterm.quiz.grading import NotAnAnswerError, grade, solution
from dlterm.quiz.typed import form, read
from dlterm.quiz.wording import loose
from tests.quiz.support import OF_ITS_TYPE, question

SEEDS = st.integers(0, 2**32)


def test_a_wrong_option_says_why_and_what_is_misunderstood():
    assert grade(question(), "yes").right
    found = grade(question(), "no")
    assert (found.credit, found.whys, found.misconceptions) == (0, ("It is not no.",), ("no-means-yes",))


def test_a_prediction_is_right_where_the_run_agrees():
    assert grade(question("predict"), "maybe", "maybe").right
    assert not grade(question("predict"), "maybe", "no").right


@pytest.mark.parametrize(
    ("chosen", "credit"),
    [("ab", 1), ("a", 0.5), ("abc", 0.5), ("abcd", 0), ("cd", 0), ("ac", 0)],
)
def test_part_of_several_earns_part(chosen, credit):
    assert grade(question("multiple"), list(chosen)).credit == credit
    whole = grade(question("multiple", score="all-or-nothing"), list(chosen)).credit
    assert whole == float(credit == 1)


def test_it_is_said_why_what_was_chosen_is_wrong():
    assert grade(question("multiple"), ["a", "c"]).whys == ("Not C.",)


def test_true_and_false():
    assert grade(question("truefalse"), False).right
    assert grade(question("truefalse"), True).whys == ("It is false.",)


@pytest.mark.parametrize(("tolerance", "said", "right"), [
    ({}, "7,850", True), ({}, "7851", False), ({"abs": 1}, "7851", True), ({"abs": 1}, "7852", False),
    ({"rel": 0.01}, "7900", True), ({"rel": 0.001}, "7900", False), ({}, "15700/2", True),
])  # fmt: skip
def test_a_number_is_right_within_its_tolerance(tolerance, said, right):
    assert grade(question("numeric", tolerance=tolerance), said).right is right


def test_a_trap_says_what_went_wrong():
    found = grade(question("numeric"), "7.840")
    assert (found.right, found.whys, found.misconceptions) == (False, ("No biases.",), ("no-bias",))


def test_sums_of_tenths_are_themselves():
    assert grade(question("numeric", answer=0.1 + 0.2, traps=[]), "0.3").right


def test_words_instead_of_a_number_are_asked_again():
    with pytest.raises(NotAnAnswerError, match="in ms"):
        grade(question("numeric", unit="ms"), "many")


@pytest.mark.parametrize(
    "said",
    ["cross-entropy", "Cross Entropy", "CROSSENTROPY",
     " the cross‑entropy. ", "“cross entropy”", "softmax cross-entropy",
     "Log Loss", "logloss", "ｌｏｇ ｌｏｓｓ", "cross\u00a0entropy", "cróss-entropy", "A cross–entropy!"],
)  # fmt: skip
def test_spellings_of_a_word_are_the_word(said):
    assert grade(question("fill"), said).right


@pytest.mark.parametrize("said", ["", " ", "-", "entropy", "cross", "crossentropy loss x", "accuracy"])
def test_other_words_are_wrong(said):
    assert not grade(question("fill"), said).right


def test_case_counts_where_it_is_asked_for():
    asked = question("fill", accept=["ReLU"], accept_regex=[], case_sensitive=True)
    assert grade(asked, "ReLU").right
    assert not grade(asked, "relu").right


@given(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.booleans())
def test_any_unicode_form_of_an_accent_is_accepted(unicode_form, upper):
    said = unicodedata.normalize(unicode_form, "Rényi-Straße")
    assert grade(question("fill", accept=["Rényi-Straße"]), said.upper() if upper else said).right


@given(st.text(min_size=1, max_size=40))
def test_what_is_accepted_accepts_itself(text):
    asked = question("fill", accept=[text.replace("\n", " ")], accept_regex=[])
    if loose(text):
        assert grade(asked, f"  {text} ").right


def test_an_order_is_right_as_a_whole_and_worth_something_in_part():
    items = OF_ITS_TYPE["order"]["items"]
    assert grade(question("order"), items).right
    assert grade(question("order"), items[::-1]).credit == 0
    assert 0 < grade(question("order"), [items[0], items[2], items[1]]).credit < 1
    with pytest.raises(NotAnAnswerError):
        grade(question("order"), items[:2])


def test_pairs_count_one_by_one():
    assert grade(question("match"), [["CNN", "images"], ["RNN", "text"]]).right
    assert grade(question("match"), [["CNN", "images"], ["RNN", "sorting"]]).credit == 0.5
    for wrong in (
        [["CNN", "images"]],
        [["CNN", "x"], ["RNN", "text"]],
        [["CNN"], ["RNN"]],
        "CNN",
        [["CNN", "text"]] * 2,
    ):
        with pytest.raises(NotAnAnswerError):
            grade(question("match"), wrong)


@pytest.mark.parametrize("kind", sorted(OF_ITS_TYPE))
def test_not_to_know_is_not_right(kind):
    assert grade(question(kind), None).credit == 0


ALL = [*(question(kind) for kind in OF_ITS_TYPE), *(entry.question for entry in bank())]
GRADED = [each for each in ALL if not hasattr(each, "challenge")]


def right_answer(asked, outcome):
    """What a learner who knows it all would give."""
    if hasattr(asked, "options"):
        right = [option.id for option in asked.options if option.correct or option.id == outcome]
        return right if hasattr(asked, "score") else right[0]
    if hasattr(asked, "items"):
        return list(asked.items)
    if hasattr(asked, "pairs"):
        return [list(pair) for pair in asked.pairs]
    return asked.answer if isinstance(asked.answer, bool) else f"{asked.answer:g}"


@given(st.sampled_from(GRADED), SEEDS)
def test_the_right_answer_is_right_however_it_is_shuffled_and_typed(asked, seed):
    outcome = asked.experiment.expect if hasattr(asked, "experiment") else ""
    if hasattr(asked, "accept"):
        assert all(grade(asked, read(ask(asked, seed), each)).right for each in asked.accept)
        return
    answer, put = right_answer(asked, outcome), ask(asked, seed)
    signs = {choice.value: choice.sign for choice in put.choices}
    if isinstance(answer, bool):
        line = "true" if answer else "no"
    elif put.lefts:
        lefts = {left.value: left.sign for left in put.lefts}
        line = " ".join(f"{lefts[left]}{signs[right].upper()}" for left, right in answer)
    elif put.choices:
        line = ", ".join(signs[value] for value in ([answer] if isinstance(answer, str) else answer))
    else:
        line = answer
    assert grade(asked, read(put, line), outcome).right
    assert form(put)
    assert solution(asked, outcome)


@given(st.sampled_from(ALL), st.text(max_size=60), SEEDS)
def test_any_line_is_an_answer_or_is_asked_again(asked, line, seed):
    try:
        answer = read(ask(asked, seed), line)
        if not hasattr(asked, "challenge"):
            assert 0 <= grade(asked, answer, "x").credit <= 1
    except NotAnAnswerError as error:
        assert str(error)


@given(st.sampled_from(ALL), SEEDS)
def test_a_seed_keeps_the_order_and_an_order_is_never_given_away(asked, seed):
    put = ask(asked, seed)
    assert put == ask(asked, seed)
    if hasattr(asked, "items"):
        assert [choice.value for choice in put.choices] != list(asked.items)
        assert asked.id != "q" or [choice.text for choice in put.choices if "(" in choice.text] == []


def test_every_place_is_as_likely_for_the_right_option():
    first = sum(ask(question(), seed).choices[0].value == "yes" for seed in range(3000))
    assert 900 < first < 1100
