"""Questions to ask, and a learner's time to ask them at."""

from __future__ import annotations

import msgspec

from dlterm.course.schema import LessonHead, Question

OPTIONS = [
    {"id": "yes", "text": "Yes", "correct": True},
    {"id": "no", "text": "No", "why": "It is not no.", "misconception": "no-means-yes"},
    {"id": "maybe", "text": "Maybe", "why": "Nor maybe."},
]
SEVERAL = [
    {"id": "a", "text": "A", "correct": True},
    {"id": "b", "text": "B", "correct": True},
    {"id": "c", "text": "C", "why": "Not C.", "misconception": "c-it-is"},
    {"id": "d", "text": "D", "why": "Not D."},
]
EXPERIMENT = {
    "runner": "train", "seeds": [0, 1], "measure": "test_accuracy", "answer": "argmax", "expect": "maybe",
    "params": {"data": "circle"}, "sweep": {"hidden": ["", "1", "4"]}, "min_margin": 0.1,
}  # fmt: skip
CHALLENGE = {
    "data": "circle", "seeds": [0, 1], "require": ["parameters <= 20"], "pass_seeds": 2,
    "reference": "circle?hidden=4&epochs=10",
}  # fmt: skip
OF_ITS_TYPE = {
    "single": {"options": OPTIONS},
    "multiple": {"options": SEVERAL, "score": "partial"},
    "truefalse": {"answer": False, "why_wrong": "It is false."},
    "numeric": {"answer": 7850.0, "traps": [{"value": 7840.0, "why": "No biases.", "misconception": "no-bias"}]},
    "fill": {"accept": ["cross-entropy", "log loss"], "accept_regex": ["(softmax )?cross.?entropy"]},
    "order": {"items": ["First (1)", "Second (2)", "Third (3)"], "hide_pattern": r" \(\d\)$"},
    "match": {"pairs": [["CNN", "images"], ["RNN", "text"]], "extra_right": ["sorting"]},
    "predict": {"options": [{**option, "correct": False} for option in OPTIONS], "experiment": EXPERIMENT},
    "challenge": {"challenge": CHALLENGE},
}  # fmt: skip


def question(kind="single", name="q", **fields):
    given = {"id": name, "type": kind, "prompt": "?", "explain": "So it is.", **OF_ITS_TYPE[kind], **fields}
    return msgspec.convert(given, Question)


def lesson(name):
    return LessonHead(id=name, title=name.title(), chapter="Basics", minutes=5)
