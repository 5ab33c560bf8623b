"""What came out of a pack's items, kept beside its texts: so that a checkout runs only what has changed.

docs/decisions/0015-what-was-measured-is-kept-beside-the-content.md says why it is as it is.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import json
import math
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dlterm.course.pack import LARGEST_TABLE, Pack
from dlterm.course.problem import ProblemError
from dlterm.quiz.experimenting import ExperimentRun
from dlterm.quiz.measuring import Measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from dlterm.quiz.measuring import Tick
    from dlterm.quiz.memory import Measurable, Measurer

    _Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

RESULTS = "results.toml"
_HEAD = """\
# What came out of each item, seed by seed, in four digits: written by `dlterm content check --run`, not by hand.
# docs/writing-content.md says how it is used.
format_version = 1
"""
_FORMAT = 1
_DIGITS = 4
_LARGEST_COUNT = 10**12
_HASHES = "hashes"
_HEX = 16  # digits of a hash

Values = dict[str, float]  # by measure
Trainings = dict[
    str, dict[int, tuple[str, Values]]
]  # by what was run, seed 0 in its name: how it ended, by seed


class Results:
    """What is kept of a pack, and what of it was asked for: that alone is written again.

    An item is a question, or a file that names recipes. It is trusted if its hashes are those of its lines and of the
    sources that compute it now. `told` says, in a line each, what was edited or damaged.
    """

    def __init__(
        self,
        memory: Measurer,
        kept: Mapping[str, Trainings] = MappingProxyType({}),
        hashes: Mapping[str, str] = MappingProxyType({}),
        told: Iterable[str] = (),
    ) -> None:
        """`memory` finds out what is not kept."""
        self.memory = memory
        self._kept, self._hashes = kept, hashes
        self._asked: dict[str, Trainings] = {}
        self._made_with: dict[str, set[str]] = {}
        self._trusted: dict[tuple[str, str], bool] = {}
        self.told = [
            *told,
            *(f"{RESULTS}: {name} was edited or damaged, and is not believed" for name in self._damaged()),
        ]

    @classmethod
    def read(cls, pack: Path, memory: Measurer) -> Results:
        """Those of the pack at a directory; none where it keeps none, or a file that cannot be read."""
        if not (pack / RESULTS).exists():
            return cls(memory)
        try:
            _, found = Pack(pack).read_toml(RESULTS, largest=LARGEST_TABLE)
            if found.pop("format_version", None) != _FORMAT:
                return cls(memory, told=[f"{RESULTS}: of another version; all is run anew"])
            hashes = found.pop(_HASHES)
            return cls(memory, {name: _trainings(lines) for name, lines in found.items()}, dict(hashes))
        except ProblemError as error:
            what = error.problem.what
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            what = "damaged"
        return cls(memory, told=[f"{RESULTS}: {what}; all is run anew"])

    def item(self, name: str, measures: Iterable[str]) -> Item:
        """The results of one item, of which these measures matter."""
        return Item(self, name, tuple(dict.fromkeys(measures)))

    def write(self, pack: Path) -> bool:
        """Keep what was asked for in the pack; whether that is anything else than was there. Raises DltermError."""
        from dlterm.atomic import write_atomically

        path, content = pack / RESULTS, self._text().encode()
        with contextlib.suppress(OSError):
            if path.read_bytes() == content:
                return False
        write_atomically(path, content)
        return True

    def get(self, name: str, what: Measurable) -> tuple[str, Values] | None:
        """How something of an item ended and what was measured, where that can be trusted."""
        found = self._kept.get(name, {}).get(str(what.with_(seed=0)), {}).get(what.seed)
        return found if found is not None and self._trusts(name, _made_with(what)) else None

    def put(self, name: str, what: Measurable, ended: str, values: Values) -> None:
        """Note what came out of something of an item."""
        seeds = self._asked.setdefault(name, {}).setdefault(str(what.with_(seed=0)), {})
        known = seeds.get(what.seed, ("", {}))[1]
        seeds[what.seed] = (ended, {**known, **values})
        self._made_with.setdefault(name, set()).add(_made_with(what))

    def _trusts(self, name: str, made_with: str) -> bool:
        if (name, made_with) not in self._trusted:
            wanted = _hash(name, self._kept[name], {made_with})
            self._trusted[name, made_with] = self._hashes.get(name) == wanted
        return self._trusted[name, made_with]

    def _damaged(self) -> list[str]:
        """The items whose lines are not those that were written."""
        return [
            name
            for name in sorted({*self._kept, *self._hashes})
            if self._hashes.get(name, "").partition(" ")[2]
            != _digest(_section(name, self._kept.get(name, {})))
        ]

    def _text(self) -> str:
        asked = dict(sorted(self._asked.items()))
        hashes = [
            f"{_quoted(name)} = {_quoted(_hash(name, trainings, self._made_with[name]))}"
            for name, trainings in asked.items()
        ]
        sections = [_section(name, trainings) for name, trainings in asked.items()]
        return "\n".join([_HEAD, *sections, f"[{_HASHES}]", *hashes, ""])


class Item:
    """What came out of one item: known from the pack, or else found out."""

    def __init__(self, results: Results, name: str, measures: tuple[str, ...]) -> None:
        self._results, self._name, self._measures = results, name, measures

    def measure(self, what: Measurable, tick: Tick = lambda: None) -> Measured:
        """What comes out, to four digits. Raises DltermError."""
        known = self._known(what)
        if known is not None:
            ended, values = known[0], {name: known[1][name] for name in self._measures}
        else:
            found = self._results.memory.measure(what, tick)
            ended, values = found.ended, {name: _rounded(found.value(name)) for name in self._there(found)}
            if ended == "too slow" or "seconds" in self._measures:  # of this machine, and this hour
                return found
        self._results.put(self._name, what, ended, values)
        return Measured(dict(values), 0.0, ended)

    def holds(self, what: Measurable) -> bool:
        """Whether nothing would have to be trained or run."""
        return self.keeps(what) or self._results.memory.holds(what)

    def keeps(self, what: Measurable) -> bool:
        """Whether the pack says what came out."""
        return self._known(what) is not None

    def _known(self, what: Measurable) -> tuple[str, Values] | None:
        known = self._results.get(self._name, what)
        return known if known is not None and all(name in known[1] for name in self._measures) else None

    def _there(self, found: Measured) -> list[str]:
        return [name for name in self._measures if name in found.values]


# --- the file ---------------------------------------------------------------------------------------------------------


def _section(name: str, trainings: Trainings) -> str:
    """An item's lines: one for each of what was run, in the order of their names."""
    return "\n".join([f"[{_quoted(name)}]", *(_line(*each) for each in sorted(trainings.items())), ""])


def _line(what: str, seeds: Mapping[int, tuple[str, Values]]) -> str:
    """`"xor?hidden=4" = { seed = [0, 1], test_loss = [0.01, 0.02] }`."""
    found = [seeds[seed] for seed in sorted(seeds)]
    names = dict.fromkeys(name for _, values in found for name in values)
    columns: dict[str, list[Any]] = {"seed": sorted(seeds)}
    if any(ended != "finished" for ended, _ in found):
        columns["ended"] = [ended for ended, _ in found]
    columns |= {name: [values.get(name, "") for _, values in found] for name in sorted(names)}
    shown = ", ".join(f"{name} = [{', '.join(map(_shown, column))}]" for name, column in columns.items())
    return f"{_quoted(what)} = {{ {shown} }}"


def _trainings(lines: Mapping[str, Mapping[str, list[Any]]]) -> Trainings:
    """What such lines say. Raises what comes of lines that nobody has written."""
    found: Trainings = {}
    for what, columns in lines.items():
        seeds = columns["seed"]
        ended = columns.get("ended", ["finished"] * len(seeds))
        measures = {name: column for name, column in columns.items() if name not in ("seed", "ended")}
        found[what] = {
            int(seed): (
                str(ended[k]),
                {name: float(column[k]) for name, column in measures.items() if column[k] != ""},
            )
            for k, seed in enumerate(seeds)
        }
    return found


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return f"{value:.0f}" if _is_whole(value) else repr(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _rounded(value: float) -> float:
    """To so many digits; counts stay as they are."""
    return value if _is_whole(value) else float(f"{value:.{_DIGITS}g}")


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and abs(value) < _LARGEST_COUNT and value == int(value)


# --- hashes -----------------------------------------------------------------------------------------------------------


def _hash(name: str, trainings: Trainings, made_with: set[str]) -> str:
    """Of what an item was made with, and of its lines."""
    return f"{_digest(' '.join(sorted(made_with)))} {_digest(_section(name, trainings))}"


def _made_with(what: Measurable) -> str:
    return _of_experiment(what.id) if isinstance(what, ExperimentRun) else _of_training()


@functools.cache
def _of_training() -> str:
    from dlterm.experiments.results import sources

    return _of_sources(sources("dlterm.quiz.measuring"))


@functools.cache
def _of_experiment(name: str) -> str:
    from dlterm.experiments.registry import PACKAGE, module_name
    from dlterm.experiments.results import files_read, sources

    read = [file.read_text(encoding="utf-8") for file in files_read(name)]
    return _digest(_of_sources(sources(f"{PACKAGE}.{module_name(name)}")) + "".join(read))


def _of_sources(files: Iterable[Traversable]) -> str:
    """A hash of what these sources do, with the release of NumPy, whose next may draw other numbers."""
    numpy = ".".join(version("numpy").split(".")[:2])
    return _digest(
        "\n".join([numpy, *(_of_source(file.name, file.read_text(encoding="utf-8")) for file in files)])
    )


@functools.cache  # most are parts of all that is computed
def _of_source(name: str, source: str) -> str:
    return f"{name} {_digest(_bare(source))}"


def _bare(source: str) -> str:
    """A source without lines that are blank, a comment, or a docstring's."""
    lines = source.splitlines()
    for node in _definitions(ast.parse(source)):
        if ast.get_docstring(node, clean=False) is None:
            continue
        first, last = node.body[0].lineno - 1, node.body[0].end_lineno or 0
        if isinstance(node, ast.Module) or first >= node.lineno:
            lines[first:last] = [""] * (last - first)
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _definitions(node: _Documented) -> Iterator[_Documented]:
    """A module, and its classes and functions, and theirs."""
    yield node
    for each in node.body:
        if isinstance(each, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _definitions(each)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HEX]
