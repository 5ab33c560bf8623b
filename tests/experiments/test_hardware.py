"""What the experiment on hardware computes: products, rates, the roofline; what it says where something is missing."""

from __future__ import annotations

import platform
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from dlterm.experiments import products
from dlterm.experiments.catalogue import hardware
from dlterm.experiments.catalogue.hardware import Hardware, Roof, Times, difference, intensity
from dlterm.experiments.driving import run
from dlterm.experiments.threads import Threads


@pytest.fixture
def matrices():
    rng = np.random.default_rng(0)
    return rng.standard_normal((2, 80, 80)).astype(np.float32)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(hardware, "_SIDE", 128)
    return Hardware(size=64, repeats=3)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_every_way_gives_the_product(matrices, threads):
    a, b = matrices
    with ThreadPoolExecutor(threads) as pool:
        ways = [
            products.python(a, b),
            products.numpy(a, b, Threads(), threads),
            products.compiled(a, b, pool, threads),
        ]
        for way in ways:
            assert difference(way, a, b) < 1e-5
            assert way.product(way.multiply()).shape == (way.size, way.size)


def test_pytorch_on_a_device_gives_the_product(matrices):
    pytest.importorskip("torch")
    way = products.with_torch(*matrices, "cpu")
    assert difference(way, *matrices) < 1e-5


def test_a_wrong_product_is_seen(matrices):
    a, b = matrices
    wrong = products.Way("wrong", 1, 80, lambda: a @ b.T)
    assert difference(wrong, a, b) > 0.1


@pytest.mark.parametrize(
    ("device", "said"),
    [("no-such-device", "no GPU is seen"), ("here", "no PyTorch or CuPy that can use it")],
)
def test_without_a_gpu_it_says_so(device, said, matrices, tmp_path, monkeypatch):
    (tmp_path / "here").touch()
    monkeypatch.setattr(products, "_DEVICES", (str(tmp_path / device),))
    monkeypatch.setattr(products, "find_spec", lambda name: None)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    found = products.gpu(*matrices)
    assert isinstance(found, str)
    assert said in found


def test_a_gpu_that_is_there_is_measured_beside_the_others(small, monkeypatch):
    monkeypatch.setattr(
        products, "gpu", lambda a, b: products.Way("GPU (pretended)", 0, len(a), lambda: a @ b)
    )
    result = run(small)
    assert result.measures["gpu"] > 0
    assert "GPU (pretended), threads of its own" in result.moment.views["speeds"].labels


def test_every_time_is_taken_after_one_to_warm_up():
    done = []
    times = Times(lambda: done.append(1), operations=10**9)
    assert np.isnan(times.rate)
    times.take()
    times.take()
    assert len(done) == 4
    assert times.best >= times.rate > 0


def test_more_columns_make_more_operations_of_a_byte():
    assert intensity(1) == pytest.approx(0.5, rel=1e-3)
    assert intensity(64) == pytest.approx(32, rel=0.05)


def test_the_roof_rises_with_what_memory_brings_and_ends_at_the_peak(monkeypatch):
    monkeypatch.setattr(hardware, "_SIDE", 128)
    roof = Roof(Threads(), np.random.default_rng(0))
    assert list(roof.look())[:2] == ["reading 64 MiB", "64 MiB times 1 column"]
    line, reached = roof.curves(peak=50.0).series
    assert line.y.max() == 50
    slope = line.y[line.y < 50] / line.x[line.y < 50]
    np.testing.assert_allclose(slope, slope[0])
    assert len(reached.y) == 4


def test_what_is_measured_is_told_with_its_threads(small):
    result = run(small)
    assert result.measures["difference"] < 1e-4
    labels = result.moment.views["speeds"].labels
    assert labels[:3] == ("Python, 1 thread", "Numba, 1 thread", "Numba, 2 threads")
    said = " ".join(line.text for line in result.moment.views["machine"].lines)
    assert "warm up" in said


def test_where_numba_cannot_compile_the_rest_is_measured(small, monkeypatch):
    monkeypatch.setenv("DLTERM_ENGINE", "reference")
    result = run(small)
    assert result.measures["numba"] == 0
    assert result.measures["numpy"] > 0
    assert any("cannot compile" in line.text for line in result.moment.views["machine"].lines)


def test_a_blas_that_cannot_be_told_its_threads_is_said_to_take_its_own(small, monkeypatch):
    monkeypatch.setattr(Threads, "blas", "")
    result = run(small)
    assert "NumPy, threads of its own" in result.moment.views["speeds"].labels
