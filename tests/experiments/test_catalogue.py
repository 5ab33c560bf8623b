"""What every experiment promises, whatever it is about."""

from __future__ import annotations

import math
from itertools import islice

import pytest

from dlterm.course.shelf import glossary
from dlterm.drawing.draw import draw
from dlterm.drawing.show import as_json, as_text
from dlterm.experiments.driving import moments, run
from dlterm.experiments.experiment import Experiment
from dlterm.experiments.registry import entries, find
from dlterm.text import safe

ALL = [entry.id for entry in entries()]
SOON = [entry.id for entry in entries() if entry.budget <= 5]
_LOOKED_AT = 3  # moments of a run that is not seen through


@pytest.fixture(scope="module")
def results():
    """The result of an experiment on one seed; each is run once."""
    found = {}

    def result(name):
        if name not in found:
            found[name] = run(find(name)(), seed=0)
        return found[name]

    return result


@pytest.mark.parametrize("name", SOON)
def test_its_claim_holds(name, results):
    assert results(name).holds, results(name).measures


@pytest.mark.parametrize("name", SOON)
def test_its_measures_are_numbers_and_it_says_why(name, results):
    result = results(name)
    assert all(math.isfinite(value) for value in result.measures.values()), result.measures
    assert 20 < len(result.why) == len(safe(result.why, limit=2000))


@pytest.mark.parametrize("name", SOON)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (30, 8)])
def test_what_it_shows_can_be_drawn_and_written(name, size, results):
    for view in results(name).moment.views.values():
        frame = draw(view, *size)
        assert (frame.columns, frame.rows) == size
        assert as_text(view).strip()
        assert as_json(view)["view"] == type(view).__name__


@pytest.mark.parametrize("name", [name for name in SOON if find(name).explore is not Experiment.explore])
def test_what_is_explored_afterwards_is_what_was_shown(name):
    experiment = find(name)()
    shown = run(experiment).moment.views
    explored = experiment.explore()
    assert list(explored) == list(shown)
    assert [as_json(view) for view in explored.values()] == [as_json(view) for view in shown.values()]


@pytest.mark.parametrize("name", ALL)
def test_it_can_be_cancelled_and_shows_the_same_views_from_the_first_moment(name):
    running = moments(find(name)(), 0)
    seen = list(islice(running, _LOOKED_AT))
    running.close()
    assert seen
    assert len({tuple(moment.views) for moment in seen}) == 1
    assert all(0 <= moment.progress <= 1 and "\n" not in moment.news for moment in seen)
    for view in seen[0].views.values():
        draw(view, 80, 24)


@pytest.mark.parametrize(
    ("name", "knob", "value"),
    [(name, knob.name, value) for name in ALL for knob in find(name).knobs.values() for value in knob.ends],
)
def test_its_knobs_work_at_their_ends(name, knob, value):
    running = moments(find(name)(**{knob: value}), 0)
    for moment in islice(running, _LOOKED_AT):
        for view in moment.views.values():
            draw(view, 80, 24)
    running.close()


@pytest.mark.parametrize("name", ALL)
def test_it_says_what_a_learner_needs(name):
    experiment = find(name)
    ids = [prediction.id for prediction in experiment.predictions]
    assert 3 <= len(ids) == len(set(ids)) <= 4
    assert experiment.confirmed in ids
    assert any(measure.judged for measure in experiment.measures)
    assert len({measure.name for measure in experiment.measures}) == len(experiment.measures)
    assert experiment.question.endswith("?")
    assert set(experiment.sources) <= set(glossary().sources)
    assert experiment.needed in (18, 20)
    assert all(knob.text for knob in experiment.knobs.values())
