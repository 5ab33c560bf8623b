import json
import os
import tomllib
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlterm.errors import DltermError
from dlterm.training import run_files
from dlterm.training.recipe import Recipe
from dlterm.training.run_files import (
    CorruptCheckpointError,
    RunDirectory,
    pack,
    read_checkpoint,
    unpack,
    write_atomically,
)

ARRAYS = {"weights": np.arange(12, dtype=np.float32).reshape(3, 4), "labels": np.arange(5)}
STATE = {"counters": {"step": 7, "epoch": 2}, "recipe": "xor?seed=1"}
PACKED = pack(ARRAYS, STATE)


def test_what_is_packed_comes_back():
    arrays, state = unpack(PACKED)
    assert state == STATE
    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)


@given(
    hnp.arrays(
        hnp.scalar_dtypes().filter(lambda d: d.kind in "fiub"),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0),
    )
)
def test_any_array_comes_back_bit_by_bit(array):
    (found,) = unpack(pack({"a": array}, {}))[0].values()
    assert found.shape == array.shape
    assert found.tobytes() == np.asarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()


@pytest.mark.parametrize(
    "array",
    [
        ARRAYS["weights"].T,
        ARRAYS["weights"][:, ::2],
        ARRAYS["weights"][::-1],
        np.broadcast_to(np.float32(3), (4, 5)),
    ],
)
def test_an_array_in_another_order_is_written_as_it_reads(array):
    assert np.array_equal(unpack(pack({"a": array}, {}))[0]["a"], array)


def test_the_same_state_gives_the_same_bytes():
    assert pack(dict(reversed(ARRAYS.items())), STATE) == PACKED


@given(st.integers(0, 8 * len(PACKED) - 1))
def test_no_flipped_bit_goes_unnoticed(bit):
    damaged = bytearray(PACKED)
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CorruptCheckpointError):
        unpack(bytes(damaged))


@given(st.binary(max_size=200) | st.integers(0, len(PACKED) - 1).map(lambda end: PACKED[:end]))
def test_what_is_no_checkpoint_is_said_to_be_none(content):
    with pytest.raises(CorruptCheckpointError):
        unpack(content)


def test_a_safetensors_file_of_someone_else_is_refused():
    from safetensors.numpy import save

    for metadata in (None, {"format": "pt"}, {"dlterm": "[]"}, {"dlterm": "{}"}):
        with pytest.raises(CorruptCheckpointError):
            unpack(save(ARRAYS, metadata=metadata))


def test_a_damaged_checkpoint_is_named(tmp_path):
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(PACKED[:-1])
    with pytest.raises(CorruptCheckpointError, match=r"checkpoint\.safetensors: ") as error:
        read_checkpoint(path)
    assert error.value.exit_code == 65


def test_a_missing_checkpoint_is_no_input(tmp_path):
    with pytest.raises(DltermError) as error:
        read_checkpoint(tmp_path / "none")
    assert error.value.exit_code == 66


def test_config_rebuilds_the_recipe_and_names_the_machine(tmp_path):
    recipe = Recipe(data="people.csv", target="age", hidden=(8, 4), lr=0.03)
    with RunDirectory(tmp_path / "run") as run:
        run.write_config(recipe, created=datetime(2026, 11, 21, tzinfo=UTC))
    config = tomllib.loads((tmp_path / "run" / "config.toml").read_text())
    assert Recipe.of(**config["recipe"]) == recipe
    assert Recipe.parse(config["line"]) == recipe
    assert config["created"] == datetime(2026, 11, 21, tzinfo=UTC)
    assert {"processor", "dlterm", "numpy", "numba", "llvmlite"} == set(config["fingerprint"])


def test_metrics_can_be_followed_while_they_grow(tmp_path):
    with RunDirectory(tmp_path / "run") as run:
        for epoch in (1, 2):
            run.add_metrics({"epoch": epoch, "train_loss": None})
            assert len((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()) == epoch
    assert json.loads((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()[1])["epoch"] == 2


def test_an_empty_directory_may_be_used_and_a_full_one_not(tmp_path):
    with RunDirectory(tmp_path):
        pass
    with pytest.raises(DltermError, match="not empty") as error:
        RunDirectory(tmp_path)
    assert error.value.exit_code == 73


@pytest.mark.parametrize("place", ["/dev/null/run", "/proc/run"])
def test_a_place_that_takes_no_directory_is_73(place):
    from pathlib import Path

    with pytest.raises(DltermError) as error:
        RunDirectory(Path(place))
    assert error.value.exit_code == 73
    assert place in error.value.message


CALLS = ("open", "fsync", "replace", "_sync_directory")


@pytest.mark.parametrize("call", CALLS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(error=st.sampled_from([28, 5, 122]))
def test_a_full_disk_leaves_the_old_file_or_the_new_one(tmp_path_factory, call, error):
    directory = tmp_path_factory.mktemp("run")
    path = directory / "file"
    path.write_bytes(b"old")

    def fail(*_, **__):
        raise OSError(error, os.strerror(error))

    places = {"open": "pathlib.Path.open", "fsync": "os.fsync", "replace": "pathlib.Path.replace"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places.get(call, f"{run_files.__name__}.{call}"), fail)
        with pytest.raises(DltermError) as raised:
            write_atomically(path, b"new")
    assert raised.value.exit_code == 74
    assert path.read_bytes() in (b"old", b"new")
    assert [entry.name for entry in directory.iterdir()] == ["file"]


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, type(tmp_path).replace
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append("sync"), fsync(fd))[1])
    monkeypatch.setattr(type(tmp_path), "replace", lambda *a: (calls.append("rename"), replace(*a))[1])
    write_atomically(tmp_path / "file", b"content")
    assert calls == ["sync", "rename", "sync"]
