"""A pack of one's own is read like the course itself, and one with anything wrong in it never gets that far."""

from __future__ import annotations

import os
import shutil

import pytest

from dlterm.authoring.keeping import add, name_of, refusals, remove
from dlterm.course import content, library, packs, search, shelf
from dlterm.errors import DltermError
from dlterm.quiz.bank import bank
from tests.authoring.conftest import HEAD, QUIZ
from tests.course.test_check import GOOD, WRONG

OWN = {
    "lessons/01-waves.md": HEAD + "A [crest](term:crest) has a [weight](term:weight) [^own1986].\n",
    "lessons/01-waves.quiz.toml": QUIZ
    + '[[question]]\nid = "waves-one"\ntype = "truefalse"\nprompt = "So?"\nexplain = "So."\nanswer = true\n',
    "glossary.toml": '[[term]]\nid = "crest"\nname = "Crest"\ntext = "The top of a wave. It moves on."\n',
    "sources.toml": '[own1986]\nauthors = "A. Nobody"\ntitle = "Waves"\nyear = 1986\n',
    "presets.toml": '[[preset]]\nid = "ripples"\ntitle = "Ripples"\nnote = "A note."\nrecipe = "xor"\n',
}


@pytest.fixture
def fresh():
    """What is read once is read anew."""

    def forget():
        for read in (
            packs.sound,
            library.lessons,
            shelf.shelf,
            shelf.glossary,
            content.presets,
            search.index,
            bank,
        ):
            read.cache_clear()

    forget()
    yield forget
    forget()


@pytest.fixture
def home(tmp_path, monkeypatch, fresh):
    """Where packs are kept."""
    monkeypatch.setenv("DLTERM_PACKS", str(tmp_path / "packs"))
    return tmp_path / "packs"


@pytest.fixture
def own(pack):
    """A good pack, with some files changed."""
    return lambda changes=OWN: pack(files={**OWN, **changes})


def test_what_a_pack_has_is_read_with_the_courses_own(own, home, fresh):
    before = list(library.lessons())
    assert refusals(own()) == []
    assert add(own()) == home / "pack"
    fresh()
    assert list(library.lessons()) == [*before, "waves"]
    assert shelf.shelf().terms["crest"].text.startswith("The top")
    assert shelf.glossary().find("crest") is not None
    assert "own1986" in shelf.shelf().sources
    assert content.presets()[-1].id == "ripples"
    assert [entry.id for entry in bank().lesson("waves")] == ["waves-one"]
    assert {(hit.kind, hit.id) for hit in search.index().search("crest")} == {
        ("term", "crest"),
        ("lesson", "waves"),
    }
    remove("pack")
    fresh()
    assert list(library.lessons()) == before
    assert list(home.iterdir()) == []


def test_a_pack_is_added_again_in_the_place_of_itself(own, home, fresh):
    add(own())
    packs.sound()
    changed = OWN["lessons/01-waves.md"].replace('title = "Waves"', 'title = "Ripples"')
    assert refusals(own({"lessons/01-waves.md": changed})) == []
    add(own({"lessons/01-waves.md": changed}))
    fresh()
    assert library.lessons()["waves"].head.title == "Ripples"
    assert sorted(path.name for path in home.iterdir()) == [".pack.seal", "pack"]


def test_what_is_there_already_is_not_there_twice(own, home, tmp_path):
    clashing = {
        "lessons/01-waves.md": OWN["lessons/01-waves.md"].replace('"waves"', '"neuron"'),
        "lessons/01-waves.quiz.toml": OWN["lessons/01-waves.quiz.toml"]
        .replace('"waves"', '"neuron"')
        .replace('"waves-one"', '"neuron-bias"'),
        "presets.toml": OWN["presets.toml"].replace("ripples", "one-neuron"),
    }
    found = refusals(own(clashing))
    assert {problem.file for problem in found} >= {"lessons/01-waves.md", "presets.toml"}
    add(own())
    other = tmp_path / "other"
    shutil.copytree(own(), other)
    assert {problem.what.rpartition(" has a ")[2] for problem in refusals(other)} == {
        'lesson "waves"', 'question "waves-one"', 'preset "ripples"', 'term "crest"', 'source "own1986"',
    }  # fmt: skip


def ours(text):
    """The same with names that the course does not have."""
    data = text if isinstance(text, bytes) else text.encode()
    for old, new in (
        (b"neuron", b"waves"),
        (b"softmax", b"crest"),
        (b"rumelhart1986", b"own1986"),
        (b"logit", b"trough"),
    ):
        data = data.replace(old, new)
    return data


def write(root, files):
    for name, text in files.items():
        path = root / name.replace("neuron", "waves")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ours(text))
    return root


def test_the_pack_that_is_made_hostile_below_is_good(tmp_path, home):
    assert refusals(write(tmp_path / "p", GOOD)) == []


@pytest.mark.parametrize("changes", [case[0] for case in WRONG.values()], ids=WRONG)
def test_a_hostile_pack_is_refused(changes, tmp_path, home, dlterm):
    root = write(tmp_path / "p", {**GOOD, **changes})
    code, stdout, stderr = dlterm("content", "add", str(root))
    assert code == 65
    assert "nothing was added" in stderr
    assert stdout.splitlines()
    assert "\x1b" not in stdout + stderr
    assert not home.exists()


def test_links_and_pipes_are_refused(own, home):
    root = own()
    (root / "lessons" / "02-passwd.md").symlink_to("/etc/passwd")
    os.mkfifo(root / "lessons" / "03-pipe.md")
    assert {problem.file for problem in refusals(root)} == {"lessons/02-passwd.md", "lessons/03-pipe.md"}


def test_a_recipe_that_reads_files_is_refused(own, home):
    preset = OWN["presets.toml"].replace('"xor"', '"/etc/passwd"')
    (problem,) = refusals(own({"presets.toml": preset}))
    assert (problem.file, problem.line) == ("presets.toml", 1)


def test_a_pack_that_is_damaged_later_is_set_aside_and_all_else_is_read(own, home, fresh, dlterm):
    add(own())
    assert packs.sound() == (home / "pack",)
    lesson = home / "pack" / "lessons" / "01-waves.md"
    lesson.write_text(lesson.read_text() + "[x](javascript:y)\n")
    fresh()
    assert "waves" not in library.lessons()
    assert "neuron" in library.lessons()
    code, stdout, _ = dlterm("content", "list")
    assert code == 0
    assert stdout.startswith("pack ")
    assert "not read: lessons/01-waves.md" in stdout


def test_what_is_sound_is_not_examined_again(own, home, fresh, monkeypatch):
    add(own())
    packs.sound()
    fresh()
    monkeypatch.setattr(packs, "examine", lambda *_: pytest.fail("examined again"))
    assert packs.sound() == (home / "pack",)


def test_a_pack_where_nothing_can_be_written_is_read_all_the_same(own, home, fresh, monkeypatch):
    add(own())

    def refuse(path, content):
        raise DltermError("read-only")

    monkeypatch.setattr("dlterm.atomic.write_atomically", refuse)
    assert packs.sound() == (home / "pack",)


def test_hidden_files_stay_where_they_are(own, home):
    root = own()
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("x")
    assert refusals(root) == []
    assert not (add(root) / ".git").exists()


def test_a_pack_is_named_by_its_directory(tmp_path):
    assert name_of(tmp_path / "My Waves_2") == "my-waves-2"
    with pytest.raises(DltermError):
        name_of(tmp_path / "…")


def test_commands_say_what_they_did(own, home, dlterm, lines):
    assert dlterm("content", "list")[:2] == (0, "")
    code, stdout, _ = dlterm("content", "add", str(own()))
    assert (code, stdout) == (0, "added pack: 1 lesson, 1 question, 1 preset, 1 term\n")
    (told,) = lines(dlterm("content", "list", "--json")[1])
    assert (told["name"], told["problems"]) == ("pack", 0)
    assert dlterm("content", "remove", "pack")[0] == 0
    assert dlterm("content", "remove", "../pack")[0] == 66
    assert dlterm("content", "add", str(home / "none"))[0] == 66
