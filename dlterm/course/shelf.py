"""The reference shelf: glossary, sources and tables, as checked values."""

from __future__ import annotations

import csv
import functools
import io
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from dlterm.course.pack import LARGEST_TABLE, Pack
from dlterm.course.problem import Problem, ProblemError
from dlterm.course.schema import Source, TableAbout, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dlterm.course.content import Preset
    from dlterm.course.pack import Text

GLOSSARY, SOURCES, TABLES = "glossary.toml", "sources.toml", "tables"
SOURCE_COLUMN = "source"
_FIRST_KEY = re.compile(r"([\w-]+)")
_UNKNOWN_FIELD = re.compile(r"unknown field `(.+)`")

F = TypeVar("F", bound=msgspec.Struct)
N = TypeVar("N", Term, "Preset")  # which have an id


@dataclass(frozen=True)
class Table:
    """A table of facts: every row a cell for each column, the keys of its sources in the last."""

    name: str
    about: TableAbout
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]  # where each row begins in its file

    def column(self, name: str) -> tuple[str, ...]:
        """A column's cells."""
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)

    @property
    def numeric(self) -> frozenset[str]:
        """The columns of numbers, some of which may be missing."""
        return frozenset(name for name in self.columns if _are_numbers(self.column(name)))

    def records(self) -> list[dict[str, Any]]:
        """The rows as JSON values: a number where a column is one of numbers, None where a cell is empty."""
        numeric = self.numeric
        return [
            {
                name: None if not cell else _number(cell) if name in numeric else cell
                for name, cell in zip(self.columns, row, strict=True)
            }
            for row in self.rows
        ]


@dataclass(frozen=True)
class Shelf:
    """All of it, by id, key or name."""

    terms: Mapping[str, Term]
    sources: Mapping[str, Source]
    tables: Mapping[str, Table]

    def with_(self, other: Shelf) -> Shelf:
        """This shelf and what another has beside it; where both have something, it is the other's."""
        return Shelf(
            MappingProxyType({**self.terms, **other.terms}),
            MappingProxyType({**self.sources, **other.sources}),
            MappingProxyType({**self.tables, **other.tables}),
        )

    def find(self, words: str) -> Term | None:
        """The term of that id or name, or that is also called so, whatever the case."""
        wanted = words.strip().casefold()
        for term in self.terms.values():
            if wanted in (term.id, term.name.casefold(), *(name.casefold() for name in term.also)):
                return term
        return None

    def near(self, words: str) -> list[str]:
        """Names that look like these words, the likeliest first."""
        wanted = words.strip().casefold()
        names = {
            name.casefold(): term.name for term in self.terms.values() for name in (term.name, *term.also)
        }
        close = [names[name] for name in get_close_matches(wanted, names, n=3)]
        return list(dict.fromkeys([*close, *(name for key, name in names.items() if wanted in key)]))[:5]


@functools.cache
def shelf() -> Shelf:
    """The course's own, and that of packs beside it. Raises DltermError (configuration) where its files are broken."""
    return _all(read_shelf)


@functools.cache
def glossary() -> Shelf:
    """The same without tables, for those who want a word only."""
    return _all(lambda pack, problems: _shelf(pack, problems, tables=False))


@functools.cache
def sources() -> Mapping[str, Source]:
    """The sources alone, by key."""
    return _all(_only_sources).sources


def _only_sources(pack: Pack, problems: list[Problem]) -> Shelf:
    return Shelf({}, _sources(pack, problems) if (pack.root / SOURCES).is_file() else {}, {})


def _all(read: Callable[[Pack, list[Problem]], Shelf]) -> Shelf:
    from dlterm.course.packs import roots

    problems: list[Problem] = []
    found = Shelf({}, {}, {})
    for directory in roots():
        try:
            found = found.with_(read(Pack(directory), problems))
        except ProblemError as error:
            raise error.as_error() from None
    if problems:
        raise ProblemError(problems[0]).as_error()
    return found


def read_shelf(pack: Pack, problems: list[Problem]) -> Shelf:
    """Read what a pack has of it; what is wrong is added to the problems, and left out."""
    return _shelf(pack, problems, tables=True)


def _shelf(pack: Pack, problems: list[Problem], *, tables: bool) -> Shelf:
    files = list(pack.files())
    sources = _sources(pack, problems) if SOURCES in files else {}
    terms = _terms(pack, problems) if GLOSSARY in files else {}
    found: dict[str, Table] = {}
    for name in files:
        if tables and name.startswith(f"{TABLES}/") and name.endswith(".csv"):
            table = _table(pack, name, problems)
            if table is not None:
                found[table.name] = table
    return Shelf(MappingProxyType(terms), MappingProxyType(sources), MappingProxyType(found))


def convert(value: Any, form: type[F], text: Text, line: int, problems: list[Problem]) -> F | None:
    """The value in its form, of a table whose header stands in that line; None, and a problem, where it has not."""
    try:
        return msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        place = where.rstrip("`").lstrip(".")
        key = _FIRST_KEY.match(place) or _UNKNOWN_FIELD.search(what)
        line = text.line_of_key(line, key[1]) if key else line
        name = f'"{value["id"]}": ' if isinstance(value, dict) and isinstance(value.get("id"), str) else ""
        fields = ", ".join(form.__struct_fields__)
        told = f"{name}{place}: {what}" if place else f"{name}{what}"
        problems.append(text.problem(line, told, f"the fields are {fields}"))
        return None


def _sources(pack: Pack, problems: list[Problem]) -> dict[str, Source]:
    read = toml_of(pack, SOURCES, problems)
    if read is None:
        return {}
    text, found = read
    sources: dict[str, Source] = {}
    for key, value in found.items():
        source = convert(value, Source, text, text.line_of(key), problems)
        if source is not None:
            sources[key] = source
    return sources


def _terms(pack: Pack, problems: list[Problem]) -> dict[str, Term]:
    read = toml_of(pack, GLOSSARY, problems)
    if read is None:
        return {}
    text, found = read
    return {name: term for name, (term, _) in by_id(found, "term", Term, text, problems).items()}


def by_id(
    found: dict[str, Any], name: str, form: type[N], text: Text, problems: list[Problem]
) -> dict[str, tuple[N, int]]:
    """The entries of a file that is a list of them, with where each stands; those that are wrong are left out."""
    entries: dict[str, tuple[N, int]] = {}
    for number, value in enumerate(_entries_of(found, name, text, problems)):
        line = text.line_of(name, number)
        entry = convert(value, form, text, line, problems)
        if entry is None:
            continue
        if entry.id in entries:
            problems.append(text.problem(line, f'the id "{entry.id}" is there twice', "ids are unique"))
        entries[entry.id] = entry, line
    return entries


def _entries_of(found: dict[str, Any], name: str, text: Text, problems: list[Problem]) -> list[Any]:
    """The tables of a file that is a list of them; what else is in it is a problem."""
    problems += [
        text.problem(text.line_of(key), f'"{key}" has no place here', f"write [[{name}]]")
        for key in found
        if key != name
    ]
    entries = found.get(name, [])
    if not isinstance(entries, list):
        problems.append(text.problem(text.line_of(name), f"[{name}] is one table", f"write [[{name}]]"))
        return []
    return entries


def toml_of(pack: Pack, name: str, problems: list[Problem]) -> tuple[Text, dict[str, Any]] | None:
    """A TOML file and what it says; None, and a problem, where it cannot be read."""
    try:
        return pack.read_toml(name)
    except ProblemError as error:
        problems.append(error.problem)
        return None


def _table(pack: Pack, file: str, problems: list[Problem]) -> Table | None:
    """A CSV file and what its columns are, in the TOML file beside it."""
    name = Path(file).stem
    read = toml_of(pack, f"{TABLES}/{name}.toml", problems)
    try:
        text = pack.read(file, largest=LARGEST_TABLE)
    except ProblemError as error:
        problems.append(error.problem)
        return None
    if read is None:
        return None
    about = convert(read[1], TableAbout, read[0], 0, problems)
    if about is None:
        return None
    reader = csv.reader(io.StringIO(text.content), strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    begin = 1
    try:
        for cells in reader:
            rows.append(tuple(cell.strip() for cell in cells))
            lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        problems.append(text.problem(begin, f"not CSV: {error}", "quote cells that hold commas or quotes"))
        return None
    if not rows:
        problems.append(text.problem(0, "empty", "begin with a line of column names"))
        return None
    columns = rows.pop(0)
    problems.extend(_column_faults(columns, about, text))
    for row, line in zip(rows, lines[1:], strict=True):
        if len(row) != len(columns):
            what = f"{len(row)} cells; the header has {len(columns)}"
            problems.append(text.problem(line, what, "quote cells that hold commas"))
            return None
    return Table(name, about, columns, tuple(rows), tuple(lines[1:]))


def _column_faults(columns: tuple[str, ...], about: TableAbout, text: Text) -> Iterator[Problem]:
    if len(set(columns)) < len(columns):
        yield text.problem(1, "two columns of one name", "name them apart")
    if columns[-1] != SOURCE_COLUMN:
        yield text.problem(1, f"the last column is {columns[-1]}", f"it must be {SOURCE_COLUMN}")
    for name in set(columns) - about.columns.keys():
        yield text.problem(1, f"nothing says what {name} is", "say it in the TOML file beside it")
    for name in about.columns.keys() - set(columns):
        yield text.problem(1, f"there is no column {name}", "the TOML file beside it names one")


def _are_numbers(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_number(cell) is not None for cell in filled)


def _number(cell: str) -> int | float | None:
    try:
        return int(cell) if cell.lstrip("-").isdecimal() and cell.isascii() else float(cell)
    except ValueError:
        return None
