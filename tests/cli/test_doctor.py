"""`dlterm doctor`: it says what is wrong and what to do, whatever is wrong, and nothing about the user."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dlterm.cli import checks
from dlterm.cli.checks import CHECKS, Finding, examined
from dlterm.cli.doctor import _pattern, private


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    """An empty directory, settings and state of its own, and a user."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLTERM_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_a_sound_installation_passes(dlterm, lines):
    code, stdout, stderr = dlterm("doctor", "--json")
    found = {each["check"]: each for each in lines(stdout)}
    assert (code, stderr) == (0, "")
    assert list(found) == list(CHECKS)
    assert all(set(each) == {"check", "status", "found", "advice"} for each in found.values())
    assert {"ok"} == {
        found[name]["status"] for name in ("python", "kernels", "compiler", "config", "content")
    }


def test_a_check_is_a_line(dlterm):
    code, stdout, _ = dlterm("doctor")
    assert code == 0
    assert [line.split()[1] for line in stdout.splitlines()] == list(CHECKS)


def failing(error):
    def check():
        raise error

    return check


@pytest.mark.parametrize(
    "error",
    [ImportError("no numba"), OSError(5, "Input/output error"), RecursionError(), AssertionError("x")],
)
def test_a_check_that_breaks_is_a_finding_and_hides_no_other(dlterm, lines, monkeypatch, error):
    monkeypatch.setitem(CHECKS, "compiler", failing(error))
    code, stdout, stderr = dlterm("doctor", "--json")
    found = lines(stdout)
    assert (code, stderr, len(found)) == (1, "", len(CHECKS))
    assert [each["check"] for each in found if each["status"] == "fail"] == ["compiler"]
    assert "Traceback" not in stdout


@pytest.mark.parametrize("name", CHECKS)
def test_whatever_needs_attention_comes_with_advice(monkeypatch, name):
    monkeypatch.setattr("dlterm.cli.checks.Path.exists", failing(PermissionError(13, "Permission denied")))
    finding = examined(CHECKS[name])
    assert finding.status == "ok" or finding.advice


def test_a_wrong_setting_fails_with_its_remedy(elsewhere):
    (elsewhere / "config.toml").write_text('theme = "lihgt"\nx = 1')
    finding = examined(checks.config)
    assert finding.status == "fail"
    assert "config.toml:1: theme: lihgt is not" in finding.found
    assert "(and 1 more)" in finding.found
    assert "dlterm config --reset theme" in finding.advice


def test_the_presets_that_the_settings_name_are_looked_at(elsewhere):
    assert examined(checks.presets).status == "ok"
    (elsewhere / "config.toml").write_text('presets = "mine.toml"')
    assert (finding := examined(checks.presets)).status == "fail"
    assert "mine.toml: no such file" in finding.found
    assert "dlterm config --reset presets" in finding.advice
    mine = elsewhere / "mine.toml"
    mine.write_text('[[preset]]\nid = "a"\ntitle = "A"\nnote = "Look."\nrecipe = "circle?hidden=two"\n')
    assert (finding := examined(checks.presets)).status == "fail"
    assert "mine.toml:5: " in finding.found
    mine.write_text(mine.read_text().replace("two", "2"))
    assert examined(checks.presets) == Finding("ok", "1 in mine.toml")


def test_a_damaged_state_is_seen_and_not_touched(elsewhere):
    path = elsewhere / "state" / "dlterm" / "state.json"
    path.parent.mkdir(parents=True)
    path.write_text("damaged")
    assert examined(checks.state).status == "warn"
    assert list(path.parent.iterdir()) == [path]


def test_looking_leaves_nothing_behind(dlterm, elsewhere):
    dlterm("doctor")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("check", [checks.state, checks.log])
def test_a_directory_that_cannot_be_written_is_a_warning(monkeypatch, check):
    monkeypatch.setenv("XDG_STATE_HOME", "/proc")
    assert examined(check).status == "warn"


def test_a_cache_that_cannot_be_written_is_a_warning(monkeypatch):
    monkeypatch.setenv("DLTERM_CACHE_DIR", "/dev/null/x")
    finding = examined(checks.kernels)
    assert finding.status == "warn"
    assert "DLTERM_CACHE_DIR" in finding.advice


def test_a_kernel_that_cannot_be_compiled_fails(monkeypatch):
    from dlterm.engine import native

    monkeypatch.setattr(native, "compile_into", failing(native.KernelError("negative cannot be compiled")))
    assert examined(checks.compiler).status == "fail"


@pytest.mark.parametrize(
    ("environment", "colours", "depth", "status"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "auto", "truecolor", "ok"),
        ({"TERM": "xterm-256color"}, "auto", "256", "warn"),
        ({"TERM": "xterm"}, "auto", "16", "warn"),
        ({"TERM": "xterm"}, "true", "truecolor", "ok"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "16", "16", "ok"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "true", "none", "ok"),
    ],
)
def test_the_colours_are_those_that_will_be_used(elsewhere, monkeypatch, environment, colours, depth, status):
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (elsewhere / "config.toml").write_text(f'colours = "{colours}"')
    finding = examined(checks.colours)
    assert finding.found.startswith(depth)
    assert finding.status == status


@pytest.mark.parametrize(("free", "status"), [(10e9, "ok"), (100e6, "warn"), (1e6, "fail")])
def test_a_full_disk_is_said_before_it_hurts(monkeypatch, free, status):
    class Usage:
        pass

    usage = Usage()
    usage.free = free
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert examined(checks.disk).status == status


@pytest.mark.parametrize("broken", ["numpy is missing", "numpy 1.9 is older than 2.0"])
def test_a_package_that_is_missing_or_old_fails(monkeypatch, broken):
    from importlib import metadata

    def version(_):
        if "missing" in broken:
            raise metadata.PackageNotFoundError
        return "1.9"

    monkeypatch.setattr(metadata, "requires", lambda _: ["numpy>=2.0", "torch>=2; extra == 'test'"])
    monkeypatch.setattr(metadata, "version", version)
    assert examined(checks.packages) == Finding("fail", broken, "install dlterm again")


def test_nothing_private_is_printed(monkeypatch, dlterm, tmp_path):
    home = tmp_path / "ada"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USER", "ada")
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("DLTERM_CONFIG", "/srv/ada/config.toml")
    for options in ([], ["--json"]):
        stdout = dlterm("doctor", *options)[1]
        assert "ada" not in stdout
        assert "~/state/dlterm" in stdout
        assert "/srv/USER/config.toml" in stdout


def test_only_whole_parts_of_paths_are_hidden(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USER", "ada")
    monkeypatch.delenv("LOGNAME", raising=False)
    assert private("/home/ada: gone, /home/ada/x, /home/adam, ada") == "~: gone, ~/x, /home/adam, ada"
    monkeypatch.setenv("HOME", "/")
    assert private("/usr/bin") == "/usr/bin"


def test_the_lines_of_the_test_pattern_end_at_the_same_cell():
    *lines, _ = _pattern()
    assert len({line.cell_len for line in lines}) == 1


def test_a_strange_terminal_name_cannot_command_the_terminal(dlterm, monkeypatch):
    monkeypatch.setenv("TERM", "\x1b]0;x\x07")
    assert "\x1b" not in dlterm("doctor")[1]
    assert "\x1b" not in json.dumps(dlterm("doctor", "--json")[1])


def test_the_null_device_is_settings_enough(monkeypatch):
    monkeypatch.setenv("DLTERM_CONFIG", os.devnull)
    assert examined(checks.config).status == "ok"
    assert Path(os.devnull).exists()


def test_the_store_of_answers_is_looked_at_and_left_alone(elsewhere):
    from dlterm.quiz.database import store_path
    from dlterm.quiz.store import Store

    assert "not there yet" in checks.progress().found
    Store.open().close()
    assert "0 answers" in checks.progress().found
    store_path().write_bytes(b"x" * 5000)
    finding = checks.progress()
    assert (finding.status, store_path().read_bytes()) == ("warn", b"x" * 5000)
    assert "damaged" in finding.found
