"""What came out of a pack's items is kept beside its texts: it is run again only where something has changed."""

from __future__ import annotations

import math

import pytest

from dlterm.quiz import results
from dlterm.quiz.experimenting import ExperimentRun
from dlterm.quiz.measuring import Measured
from dlterm.quiz.results import RESULTS, Results
from dlterm.training.recipe import Recipe

RECIPE = Recipe.parse("circle?hidden=4")
LOSS = ("test_loss",)


class Counted:
    """Measures at once, and counts."""

    def __init__(self, **values):
        self.asked = []
        self.values = {"test_loss": 0.123456, "train_accuracy": 0.98765, "parameters": 23457.0, **values}
        self.ended = "finished"

    def measure(self, what, tick=lambda: None):
        self.asked.append(str(what))
        return Measured(self.values, 1.0, self.ended)

    def holds(self, what):
        return False


@pytest.fixture
def memory():
    return Counted()


def kept(pack, memory, *items):
    """Ask for items, each a name, measures and what is measured; keep them; read them again."""
    found = Results.read(pack, memory)
    for name, measures, *whats in items:
        for what in whats:
            found.item(name, measures).measure(what)
    found.write(pack)
    return Results.read(pack, memory)


def test_what_is_kept_is_not_run_again_and_is_written_the_same(tmp_path, memory):
    items = [("question b", LOSS, RECIPE, RECIPE.with_(seed=1)), ("question a", LOSS, ExperimentRun("xor"))]
    again = kept(tmp_path, memory, *items)
    assert len(memory.asked) == 3
    text = (tmp_path / RESULTS).read_text()
    assert '["question b"]\n"circle?hidden=4" = { seed = [0, 1], test_loss = [0.1235, 0.1235] }\n' in text
    assert text.index("question a") < text.index("question b")
    for name, measures, *whats in reversed(items):
        item = again.item(name, measures)
        assert all(map(item.keeps, whats))
        assert item.measure(whats[0]).value("test_loss") == 0.1235
    assert len(memory.asked) == 3
    kept(tmp_path, memory, *reversed(items))
    assert (tmp_path / RESULTS).read_text() == text


def test_the_same_is_said_of_what_is_run_now_and_of_what_is_kept(tmp_path, memory):
    item = Results(memory).item("question a", ("test_loss", "train_accuracy", "parameters"))
    values = item.measure(RECIPE).values
    assert values == {"test_loss": 0.1235, "train_accuracy": 0.9877, "parameters": 23457}
    again = kept(tmp_path, memory, ("question a", tuple(values), RECIPE))
    assert again.item("question a", tuple(values)).measure(RECIPE).values == values


def test_only_what_is_asked_for_is_kept_any_longer(tmp_path, memory):
    kept(tmp_path, memory, ("question a", LOSS, RECIPE), ("question b", LOSS, RECIPE))
    again = kept(tmp_path, memory, ("question b", ("parameters",), RECIPE.with_(lr=0.1)))
    text = (tmp_path / RESULTS).read_text()
    assert "question a" not in text
    assert "test_loss" not in text
    assert not again.item("question b", LOSS).keeps(RECIPE)


def test_another_measure_another_seed_and_another_recipe_are_run(tmp_path, memory):
    again = kept(tmp_path, memory, ("question a", LOSS, RECIPE))
    assert not again.item("question a", ("train_accuracy",)).keeps(RECIPE)
    assert not again.item("question a", LOSS).keeps(RECIPE.with_(seed=1))
    assert not again.item("question a", LOSS).keeps(RECIPE.with_(lr=0.1))
    assert not again.item("question b", LOSS).keeps(RECIPE)
    assert again.item("question a", ()).keeps(RECIPE)


def test_another_engine_runs_all_of_it_anew_and_changes_the_hashes_alone(tmp_path, memory, monkeypatch):
    items = [("question a", LOSS, RECIPE), ("question b", LOSS, ExperimentRun("xor"))]
    kept(tmp_path, memory, *items)
    before = (tmp_path / RESULTS).read_text().splitlines()
    monkeypatch.setattr(results, "_of_training", lambda: "another")
    again = kept(tmp_path, memory, *items)
    after = (tmp_path / RESULTS).read_text().splitlines()
    assert memory.asked.count("circle?hidden=4") == 2
    assert memory.asked.count("experiment:xor") == 1
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [line.split(" = ")[0] for line in changed] == ['"question a"']
    assert again.told == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("0.1235", "0.01"), ("seed = [0]", "seed = [7]"), ("hidden=4", "hidden=8"), ('" = {', '2" = {')],
)
def test_what_was_edited_by_hand_is_told_and_not_believed(old, new, tmp_path, memory):
    kept(tmp_path, memory, ("question a", LOSS, RECIPE), ("question b", ("parameters",), Recipe()))
    path = tmp_path / RESULTS
    path.write_text(path.read_text().replace(old, new, 1))
    again = Results.read(tmp_path, memory)
    assert again.told == [f"{RESULTS}: question a was edited or damaged, and is not believed"]
    assert not again.item("question a", LOSS).keeps(RECIPE)
    assert again.item("question b", ("parameters",)).keeps(Recipe())


DAMAGED = [
    b"", b"[[", b"\xff\xfe", b"format_version = 9\n", b"format_version = 1\n", b"format_version = 1\nhashes = 3\n",
    b'format_version = 1\n[hashes]\na = 3\n', b'format_version = 1\n[a]\nx = 3\n[hashes]\n',
    b'format_version = 1\n[a]\nx = { seed = [0], b = [] }\n[hashes]\n', b"a = " + b"[" * 2000,
    b'format_version = 1\n[a]\nx = { seed = [inf] }\n[hashes]\n',
]  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED)
def test_what_is_damaged_is_told_in_a_line_and_written_anew(content, tmp_path, memory):
    (tmp_path / RESULTS).write_bytes(content)
    found = Results.read(tmp_path, memory)
    assert len(found.told) == 1
    assert not found.item("a", ()).keeps(RECIPE)
    again = kept(tmp_path, memory, ("question a", LOSS, RECIPE))
    assert again.told == []
    assert again.item("question a", LOSS).keeps(RECIPE)


def test_what_diverged_is_kept_as_that(tmp_path):
    memory = Counted(test_loss=None)
    memory.ended = "diverged"
    again = kept(tmp_path, memory, ("question a", LOSS, RECIPE))
    measured = again.item("question a", LOSS).measure(RECIPE)
    assert (measured.ended, measured.value("test_loss")) == ("diverged", math.inf)
    assert len(memory.asked) == 1


def test_times_and_what_took_too_long_are_not_kept(tmp_path, memory):
    again = kept(tmp_path, memory, ("question a", ("seconds",), RECIPE))
    assert not again.item("question a", ("seconds",)).keeps(RECIPE)
    assert Results(memory).item("question a", ("seconds",)).measure(RECIPE).value("seconds") == 1
    memory.ended = "too slow"
    again = kept(tmp_path, memory, ("question a", LOSS, RECIPE))
    assert not again.item("question a", LOSS).keeps(RECIPE)


def test_what_a_comment_says_of_a_source_does_not_count():
    source = '"""Doc."""\n\nX = 1  # one\n\n# more\ndef f(x):\n    """Doc.\n\n    Of two.\n    """\n    return "#"\n'
    bare = results._bare(source)
    assert bare == 'X = 1  # one\ndef f(x):\n    return "#"'
    assert results._bare(source.replace("Of two", "Of some").replace("# more", "# less")) == bare
    assert results._bare(source.replace('"#"', '"##"')) != bare
    assert results._bare('def f(): "Doc."\n') == 'def f(): "Doc."'
