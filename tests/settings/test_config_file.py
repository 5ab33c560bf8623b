"""config.toml: whatever is in it, the app opens, and what is wrong is said with its line and its remedy."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.errors import DltermError, ExitCode
from dlterm.settings.config import Config, settings
from dlterm.settings.config_file import ConfigFile, config_path

CONFIGS = st.builds(
    Config,
    theme=st.sampled_from(settings()["theme"].choices),
    colours=st.sampled_from(settings()["colours"].choices),
    start=st.sampled_from(settings()["start"].choices),
    restore=st.booleans(),
    frame_rate=st.integers(5, 60),
    animation=st.booleans(),
    test_points=st.booleans(),
    retention=st.integers(70, 97),
    new_per_day=st.integers(0, 200),
    reviews_per_day=st.integers(5, 1000),
    day_begins=st.integers(0, 12),
    streak=st.booleans(),
    keys=st.dictionaries(
        st.from_regex(r"[a-z]{1,9}(\.[a-z][a-z_+\-]{0,9}){0,2}", fullmatch=True),
        st.sampled_from(["p", "ctrl+p", "f2,P", "=", "[", '"', "\\", "#", "é", "ctrl+shift+left"]),
        max_size=5,
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_a_file_every_setting_has_its_default(path: Path) -> None:
    file = ConfigFile.read(path)
    assert (file.config, file.notices) == (Config(), ())


@given(CONFIGS)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, config: Config) -> None:
    path = tmp_path_factory.getbasetemp() / "round" / "trip.toml"
    ConfigFile(path, Config()).write(config)
    file = ConfigFile.read(path)
    assert (file.config, file.notices) == (config, ())


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode())))
def test_no_file_keeps_the_app_from_opening(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    file = ConfigFile.read(path)
    assert msgspec.convert(msgspec.structs.asdict(file.config), Config) == file.config
    assert all(notice.isprintable() for notice in file.notices)


WRONG = {
    "no TOML": (b'theme = "light"\nx = \n', ":2: not TOML: "),
    "an open string": (b'theme = "li', ":1: not TOML: "),
    "a setting twice": (b"animation = true\nanimation = true\n", ":2: not TOML: "),
    "an unknown setting": (b'\nthme = "light"', ':2: there is no setting "thme"; did you mean "theme"?'),
    "a far-off setting": (b"quux = 1", ':1: there is no setting "quux"; the settings are theme, '),
    "an unknown word": (b'# mine\n\ntheme = "lihgt"', ":3: theme: lihgt is not one of dark, light, "),
    "a word for a number": (
        b'frame_rate = "fast"',
        ":1: frame_rate: fast is not a whole number from 5 to 60",
    ),
    "a number out of range": (b"frame_rate = 61", ":1: frame_rate: 61 is not"),
    "a truth for a number": (b"frame_rate = true", ":1: frame_rate: true is not"),
    "text for a switch": (b'animation = "true"', ":1: animation: true is not"),
    "a list": (b"theme = [1, 2]", ":1: theme: [1, 2] is not"),
    "a date": (b"theme = 2026-01-01", ":1: theme: 2026-01-01 is not"),
    "a table": (b"[theme]\nx = 1", ":1: theme: x=1 is not"),
    "keys that are none": (b"keys = 3", ":1: keys: 3 is not an action's name and its keys"),
    "a key that is a number": (
        b'[keys]\nlab.play = "p"\nlab.step = 3',
        ":1: keys.lab.step: lab.step=3 is not",
    ),
    "a key with a space": (b'[keys]\n"lab.step" = "ctrl p"', ":1: keys.lab.step: lab.step=ctrl p is not"),
    "not UTF-8": (b'theme = "l\xffght"', ": not UTF-8"),
    "UTF-16": ('theme = "light"'.encode("utf-16"), ": not UTF-8"),
    "too large": (b"#" * 64_001, ": larger than 64,000 bytes"),
    "deep nesting": (b"keys = " + b"[" * 5000 + b"]" * 5000, ""),
    "a deep key": (b"keys" + b".a" * 2_000 + b" = 1", ""),
}


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_one_notice_with_its_place_and_its_remedy(
    path: Path, content: bytes, said: str
) -> None:
    path.write_bytes(content)
    file = ConfigFile.read(path)
    (notice,) = file.notices
    assert notice.startswith(f"{path}{said}")
    assert len(notice) < 400 + len(str(path))
    with pytest.raises(DltermError) as raised:
        file.require()
    assert raised.value.exit_code == ExitCode.CONFIGURATION
    assert raised.value.hint


def test_what_is_right_in_a_wrong_file_still_holds(path: Path) -> None:
    path.write_text('theme = "light"\nframe_rate = 0\nrestroe = false\n')
    file = ConfigFile.read(path)
    assert file.config == Config(theme="light")
    assert len(file.notices) == 2


@pytest.mark.parametrize(
    "text", ['[keys]\nlab.play = "p"', 'keys.lab.play = "p"', 'keys = {"lab.play" = "p"}']
)
def test_toml_may_write_an_action_as_it_likes(path: Path, text: str) -> None:
    path.write_text(text)
    assert ConfigFile.read(path).config.keys == {"lab.play": "p"}


@pytest.mark.parametrize(("written", "colours"), [("256", "256"), ("true", "true"), ('"16"', "16")])
def test_colours_need_no_quotation_marks(path: Path, written: str, colours: str) -> None:
    path.write_text(f"colours = {written}")
    assert ConfigFile.read(path).config.colours == colours


def test_a_byte_order_mark_does_no_harm(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbftheme = "light"\r\n')
    assert ConfigFile.read(path).config.theme == "light"


def test_a_notice_cannot_command_the_terminal(path: Path) -> None:
    path.write_text('"\\u001b]0;x\\u0007" = 1\ntheme = "\\u001b[2J"')
    assert all(notice.isprintable() for notice in ConfigFile.read(path).notices)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert "not a file" in ConfigFile.read(tmp_path).notices[0]


def test_a_pipe_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    assert "not a file" in ConfigFile.read(path).notices[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_notice(path: Path) -> None:
    path.write_text('theme = "light"')
    path.chmod(0)
    assert "Permission denied" in ConfigFile.read(path).notices[0]


def test_only_what_differs_from_the_defaults_is_written(path: Path) -> None:
    ConfigFile(path, Config()).write(Config(theme="light"))
    assert path.read_text() == 'theme = "light"\n'
    ConfigFile(path, Config()).write(Config())
    assert path.read_text() == ""


def test_a_link_to_the_file_stays_a_link(tmp_path: Path, path: Path) -> None:
    kept = tmp_path / "dotfiles" / "dlterm.toml"
    kept.parent.mkdir()
    path.symlink_to(kept)
    ConfigFile.read(path).write(Config(theme="light"))
    assert path.is_symlink()
    assert kept.read_text() == 'theme = "light"\n'


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("/dev/null/x/config.toml", ExitCode.CANNOT_CREATE),
        ("/dev/null", ExitCode.CANNOT_CREATE),
        ("/proc/config.toml", None),
    ],
)
def test_what_cannot_be_written_is_said_and_is_not_replaced(where: str, code: ExitCode | None) -> None:
    with pytest.raises(DltermError) as raised:
        ConfigFile(Path(where), Config()).write(Config(theme="light"))
    assert code is None or raised.value.exit_code == code
    assert raised.value.hint
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_the_null_device_is_no_settings() -> None:
    assert ConfigFile.read(Path(os.devnull)).notices == ()


def test_the_environment_names_another_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DLTERM_CONFIG", str(tmp_path / "mine.toml"))
    assert config_path() == tmp_path / "mine.toml"
    monkeypatch.setenv("DLTERM_CONFIG", "")
    assert config_path().name == "config.toml"


def test_every_setting_explains_itself() -> None:
    for setting in settings().values():
        assert setting.help.endswith(".")
        assert setting.check(setting.default) == setting.default


def test_settings_are_read_without_anything_heavy() -> None:
    program = (
        "import sys, dlterm.settings.config_file, dlterm.settings.state\n"
        "sys.exit(bool({'textual', 'numba', 'numpy', 'rich', 'click'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
