"""The wheel holds all that dlterm needs: it is built, unpacked far from the checkout, and asked for its content."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None or not (CHECKOUT / "pyproject.toml").exists(),
    reason="building needs hatchling and a checkout",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A directory with the wheel's content and nothing else."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(place)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = place.glob("dlterm-*.whl")
    zipfile.ZipFile(wheel).extractall(place / "site")
    return place / "site"


def run(installed, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=installed.parent,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_installed_package_is_not_the_checkout(installed):
    assert run(installed, "-c", "import dlterm; print(dlterm.__file__)").startswith(str(installed))


def test_presets_and_topics_are_in_the_wheel(installed):
    from dlterm.course.content import presets, topics

    assert len(run(installed, "-m", "dlterm", "presets", "--json").splitlines()) == len(presets())
    assert run(installed, "-m", "dlterm", "help").split() == list(topics())


def test_the_wheel_trains(installed):
    assert '"diverged": false' in run(
        installed, "-m", "dlterm", "train", "xor-hidden", "--no-save", "--epochs=1"
    )


def test_the_wheel_has_no_tests_and_types_are_marked(installed):
    assert (installed / "dlterm" / "py.typed").exists()
    assert not (installed / "tests").exists()


def test_the_console_script_is_there(installed):
    (metadata,) = installed.glob("*.dist-info")
    assert "dlterm = dlterm.cli.main:run" in (metadata / "entry_points.txt").read_text()
