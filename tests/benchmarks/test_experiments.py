from __future__ import annotations

import pytest

from benchmarks import experiments
from dlterm.experiments.experiment import JUDGED
from dlterm.experiments.results import Store, key

PAGE = f"""# The page

{experiments._HEAD}
{experiments._RULE}
| neuron | an older line | 20 of 20 | 20 | 0.0 | 1 | 0.01 s | 80 |

After it.
"""


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """XOR, judged: it held on all seeds but the last."""
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path))
    for seed in JUDGED:
        found = {"holds": seed != JUDGED[-1], "seconds": 1.0, "longest": 0.05, "megabytes": 90.0 + seed}
        Store.open("judged").write(key("xor", {}, seed), found)


def test_the_table_has_what_is_judged_and_keeps_what_was(judged, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    experiments.write_table(page)
    renewed = page.read_text().splitlines()
    assert renewed[:5] == PAGE.splitlines()[:5]
    assert renewed[5].startswith("| xor | ")
    assert renewed[5].endswith("| 19 of 20 | 20 | 1.0 | 5 | 0.05 s | 114 |")
    assert renewed[6:] == ["", "After it."]


def test_what_is_judged_already_is_not_run_again(judged, tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "PAGE", tmp_path / "page.md")
    experiments.PAGE.write_text(PAGE)
    monkeypatch.setattr(experiments.subprocess, "Popen", None)
    held, takes, memory = experiments.rows("xor")
    assert (held.median, held.verdict, takes.verdict, memory.verdict) == (19, "MISSED", "ok", "ok")
