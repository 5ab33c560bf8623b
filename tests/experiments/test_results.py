from __future__ import annotations

import pytest

from dlterm.experiments import results
from dlterm.experiments.driving import run
from dlterm.experiments.registry import find
from dlterm.experiments.results import Status, Store, key, modules


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def test_what_an_experiment_is_computed_with_is_all_that_it_imports():
    found = modules("dlterm.experiments.catalogue.xor")
    assert {
        "dlterm.experiments.training",
        "dlterm.training.learner",
        "dlterm.engine.ops.linear",
        "dlterm.nn.mlp",
        "dlterm.data.split",
    } <= found
    assert not any(name.startswith(("dlterm.drawing", "dlterm.tui", "dlterm.cli")) for name in found)


def test_a_result_is_found_by_its_source_knobs_and_seed(monkeypatch):
    one = key("xor", {}, 0)
    assert one == key("xor", {}, 0)
    assert len({one, key("xor", {}, 1), key("xor", {"starts": 5}, 0)}) == 3
    monkeypatch.setattr(results, "_computed_with", lambda _: "other sources")
    assert key("xor", {}, 0) != one


def test_how_it_came_out_is_told_of_runs_with_no_knob_turned(store):
    assert store.status("xor") == Status(0, 0)
    result = run(find("xor")(starts=5, steps=50), 1)
    store.keep(result)
    assert store.status("xor") == Status(0, 0)
    store.write(key("xor", {}, 0), {"holds": True})
    store.write(key("xor", {}, 1), {"holds": False})
    assert store.status("xor") == Status(2, 1)


def test_what_is_damaged_or_cannot_be_kept_is_not_there(store, tmp_path):
    place = key("xor", {}, 0)
    store.write(place, {"holds": True})
    store._path(place).write_text('{"holds"')
    assert store.read(place) is None
    assert store.status("xor") == Status(0, 0)
    (tmp_path / "file").write_text("")
    Store(tmp_path / "file").write(place, {"holds": True})
    assert Store(tmp_path / "file").read(place) is None
