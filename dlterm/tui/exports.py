"""What can be taken out of the app, as files that are new or as text to copy. It knows no Textual."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlterm.clock import local_time
from dlterm.errors import DltermError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from rich.segment import Segment

    from dlterm.training.keeping import Standing

_SOURCES = (("pytorch", "PyTorch"), ("keras", "Keras"), ("sklearn", "scikit-learn"))


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to take out: `write` makes the file, or the directory, which must be new; `copy` gives it as text.

    Both raise DltermError. `proposed` is a name that is free.
    """

    id: str
    title: str
    help: str
    proposed: Callable[[], Path]
    write: Callable[[Path], Awaitable[None]]
    copy: Callable[[], Awaitable[str]] | None = None


def screen_offers(name: str, title: str, look: Callable[[], Sequence[list[Segment]]]) -> list[Offer]:
    """The screen as it is when it is asked for; `look` gives its lines."""

    async def as_svg(path: Path) -> None:
        lines = look()
        await asyncio.to_thread(_write_svg, path, lines, title)

    async def as_text(path: Path) -> None:
        await asyncio.to_thread(_write, path, _text(look()))

    async def copied() -> str:
        return _text(look())

    return [
        Offer(
            "svg",
            "Screen, as a picture",
            "What is on the screen, as an SVG: for slides and papers.",
            lambda: _free(f"dlterm-{name}.svg"),
            as_svg,
        ),
        Offer(
            "text",
            "Screen, as text",
            "What is on the screen, without its colours.",
            lambda: _free(f"dlterm-{name}.txt"),
            as_text,
            copied,
        ),
    ]


def model_offers(data: str, stand: Callable[[], Awaitable[Standing | None]]) -> list[Offer]:
    """What is trained, as it is when it is asked for: kept as a run, and as source of other libraries."""

    async def as_run(path: Path) -> None:
        standing = _network(await stand())
        await asyncio.to_thread(_keep, path, standing)

    def proposed_run() -> Path:
        from dlterm.training.keeping import proposed

        return proposed(data, local_time())

    run = Offer(
        "run",
        "Network, as a run",
        "What dlterm train saves: dlterm predict uses it, and dlterm train --resume goes on with it.",
        proposed_run,
        as_run,
    )
    return [run, *(_source_offer(data, stand, name, library) for name, library in _SOURCES)]


def _source_offer(
    data: str, stand: Callable[[], Awaitable[Standing | None]], name: str, library: str
) -> Offer:
    def proposed() -> Path:
        from dlterm.training.keeping import slug

        return _free(f"{slug(data)}-{name}.py")

    async def write(path: Path) -> None:
        standing = _network(await stand())
        await asyncio.to_thread(_write_source, path, standing, name)

    async def copied() -> str:
        standing = _network(await stand())
        return await asyncio.to_thread(_source, standing, name)

    about = f"The network with its weights as a Python file that needs {library} alone: predict(x) answers the same."
    return Offer(name, f"Network, in {library}", about, proposed, write, copied)


def _network(standing: Standing | None) -> Standing:
    if standing is None:
        raise DltermError("there is no network yet")
    return standing


def _free(name: str) -> Path:
    from dlterm.atomic import free

    return free(Path(name))


def _text(lines: Sequence[list[Segment]]) -> str:
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines) + "\n"


def _write(path: Path, text: str) -> None:
    from dlterm.atomic import write_new

    write_new(path, text.encode())


def _write_svg(path: Path, lines: Sequence[list[Segment]], title: str) -> None:
    from dlterm.drawing.console_svg import lines_as_svg

    width = max(sum(segment.cell_length for segment in line) for line in lines)
    _write(path, lines_as_svg(lines, width, title))


def _keep(path: Path, standing: Standing) -> None:
    from dlterm.drawing.report import export
    from dlterm.training.keeping import keep, new_run

    with new_run(standing.learner, local_time(), path) as run:
        run.write_report(*export(standing.learner, *keep(standing, run)))


def _source(standing: Standing, name: str, weights: str | None = None) -> str:
    from dlterm.training.model_file import Trained
    from dlterm.training.source import source

    return source(Trained.of(standing.learner), name, weights=weights)


def _write_source(path: Path, standing: Standing, name: str) -> None:
    """The source; the weights of a large network in a file of their own beside it."""
    from dlterm.atomic import write_new
    from dlterm.training.model_file import packed_model
    from dlterm.training.source import INLINE

    weights = path.with_suffix(".safetensors") if standing.learner.parameters > INLINE else None
    _write(path, _source(standing, name, weights.name if weights else None))
    if weights is not None:
        write_new(weights, packed_model(standing.learner))
