"""The code in docs/ runs, from top to bottom, and does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlterm.drawing.draw import draw
from dlterm.experiments.driving import run as run_experiment
from dlterm.experiments.experiment import SETTLED, Experiment
from dlterm.experiments.registry import entry_of
from tests.engine.test_kernels import examine_kernels
from tests.engine.test_slopes import examine_slopes

DOCS = Path(__file__).parents[2] / "docs"


def run(page: str) -> dict[str, object]:
    """Everything that the page's Python defines."""
    blocks = re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(), re.DOTALL | re.MULTILINE)
    assert blocks
    found: dict[str, object] = {"__name__": page}
    exec(compile("\n".join(blocks), page, "exec"), found)  # our own text
    return found


def test_the_python_page_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("python.md")
    said = capsys.readouterr().out
    assert "(1797, 64)" in said
    assert "residual" in said


def test_the_op_that_is_added_passes_every_examination() -> None:
    cases = run("adding-an-op.md")["CASES"]
    assert isinstance(cases, dict)
    for case in cases.values():
        for fused in (True, False):
            examine_kernels(case, fused=fused)
            examine_slopes(case, fused=fused)


def test_the_experiment_that_is_written_holds_on_the_seeds_it_is_settled_on() -> None:
    page = (DOCS / "writing-an-experiment.md").read_text()
    (code,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    written = run("writing-an-experiment.md")["Symmetry"]
    assert isinstance(written, type)
    assert issubclass(written, Experiment)
    assert len(code.splitlines()) < 60
    assert entry_of(code).id == written.id
    for seed in SETTLED:
        result = run_experiment(written(), seed)
        assert result is not None
        assert result.holds, result.measures
        for view in result.moment.views.values() if result.moment else ():
            draw(view, 80, 24)


def test_the_op_that_is_added_agrees_with_pytorch() -> None:
    torch = pytest.importorskip("torch")
    from tests.peers.support import assert_like_torch

    cases = run("adding-an-op.md")["CASES"]
    assert isinstance(cases, dict)
    for case in cases.values():
        assert_like_torch(case.op, lambda *x, case=case: case.peer(torch, *x), case.arguments, batch=(20, 16))


def test_the_lesson_that_the_page_for_writers_shows_is_one(tmp_path: Path) -> None:
    from dlterm.course.check import check
    from dlterm.course.content import root
    from dlterm.course.whole import read_whole

    shown = [
        "\n".join(line[4:] for line in block.splitlines())
        for block in re.findall(
            r"(?:^    .*\n|^\n(?=    ))+", (DOCS / "writing-content.md").read_text(), re.MULTILINE
        )
    ]
    lesson, figure, quiz = (
        next(block for block in shown if begin in block) for begin in ("+++", "```lab", "format_version")
    )
    lessons = tmp_path / "lessons"
    lessons.mkdir()
    (lessons / "01-neuron.md").write_text(f"{lesson.strip()}\n\n{figure.strip()}\n")
    (lessons / "01-neuron.quiz.toml").write_text(quiz.strip() + "\n")
    assert check(tmp_path, read_whole(Path(str(root())), [])) == []
