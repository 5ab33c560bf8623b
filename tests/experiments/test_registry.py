from __future__ import annotations

import subprocess
import sys

import pytest

from dlterm.errors import DltermError, ExitCode
from dlterm.experiments.experiment import CHAPTERS
from dlterm.experiments.registry import Entry, entries, entry_of, find, module_name


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_what_is_read_of_an_experiment_is_what_it_is(entry):
    experiment = find(entry.id)
    assert entry == Entry(**{name: getattr(experiment, name) for name in Entry.__slots__})
    assert experiment.__module__.rpartition(".")[2] == module_name(entry.id)


def test_experiments_come_chapter_by_chapter():
    places = [(CHAPTERS.index(entry.chapter), entry.order) for entry in entries()]
    assert places == sorted(places)
    assert len(set(places)) == len(places), "two in one place"


def test_an_experiment_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(DltermError) as refused:
        find("xxor")
    assert refused.value.exit_code is ExitCode.NO_INPUT
    assert refused.value.hint == "did you mean xor?"


def test_a_file_without_an_experiment_is_a_bug_that_is_named():
    with pytest.raises(ValueError, match="Experiment"):
        entry_of("class Other(Base):\n    id = 'other'\n")


def test_the_list_loads_nothing_heavy():
    code = (
        "import sys; from dlterm.experiments.registry import entries; entries(); "
        "print(sorted(sys.modules.keys() & {'numpy', 'rich', 'textual', 'numba', 'sklearn', 'llvmlite'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
