import json
import os
from datetime import UTC, datetime

import numpy as np
import pytest
import tomli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlterm import atomic
from dlterm.atomic import write_atomically
from dlterm.errors import DltermError
from dlterm.training.checkpoint import CorruptCheckpointError, pack, read_checkpoint, unpack
from dlterm.training.recipe import Recipe
from dlterm.training.run_directory import CHECKPOINT, PREVIOUS, RunDirectory, read_config

ARRAYS = {"weights": np.arange(12, dtype=np.float32).reshape(3, 4), "labels": np.arange(5)}
STATE = {"counters": {"step": 7, "epoch": 2}, "recipe": "xor?seed=1"}
PACKED = pack(ARRAYS, STATE)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def created(path):
    return RunDirectory.create(path, Recipe(), created=NOW)


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
    recipe = Recipe.of(
        data="people.csv",
        target="age",
        hidden="8,4",
        activation="relu,tanh",
        axes="pca",
        features="x1,x1x2",
        lr=0.03,
    )
    with RunDirectory.create(tmp_path / "run", recipe, created=NOW):
        pass
    config = tomli.loads((tmp_path / "run" / "config.toml").read_text())
    assert Recipe.of(**config["recipe"]) == recipe
    assert Recipe.parse(config["line"]) == recipe
    assert config["created"] == NOW
    assert read_config(tmp_path / "run").recipe == recipe
    assert {"processor", "dlterm", "numpy", "numba", "llvmlite"} == set(config["fingerprint"])


def test_metrics_can_be_followed_while_they_grow(tmp_path):
    with created(tmp_path / "run") as run:
        for epoch in (1, 2):
            run.add_metrics({"epoch": epoch, "train_loss": None})
            assert len((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()) == epoch
    assert json.loads((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()[1])["epoch"] == 2


def test_an_empty_directory_may_be_used_and_a_full_one_not(tmp_path):
    with created(tmp_path):
        pass
    with pytest.raises(DltermError, match="not empty") as error:
        created(tmp_path)
    assert error.value.exit_code == 73


@pytest.mark.parametrize("place", ["/dev/null/run", "/proc/run"])
def test_a_place_that_takes_no_directory_is_73(place):
    from pathlib import Path

    with pytest.raises(DltermError) as error:
        created(Path(place))
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
        patch.setattr(places.get(call, f"{atomic.__name__}.{call}"), fail)
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


def test_the_checkpoint_before_is_kept(tmp_path):
    with created(tmp_path) as run:
        for step in (1, 2, 3):
            run.write_checkpoint(ARRAYS, {"step": step})
    assert read_checkpoint(tmp_path / CHECKPOINT)[1] == {"step": 3}
    assert read_checkpoint(tmp_path / PREVIOUS)[1] == {"step": 2}


def test_a_damaged_checkpoint_falls_back_and_is_set_aside(tmp_path):
    said = []
    with created(tmp_path) as run:
        for step in (1, 2):
            run.write_checkpoint(ARRAYS, {"step": step})
        (tmp_path / CHECKPOINT).write_bytes(b"damaged")
        assert run.read_last_checkpoint(said.append)[1] == {"step": 1}
        run.write_checkpoint(ARRAYS, {"step": 3})
    assert "going on from the checkpoint before" in said[0]
    assert read_checkpoint(tmp_path / PREVIOUS)[1] == {"step": 1}


def test_two_damaged_checkpoints_are_65(tmp_path):
    with created(tmp_path) as run:
        run.write_checkpoint(ARRAYS, {})
        run.write_checkpoint(ARRAYS, {})
        for name in (CHECKPOINT, PREVIOUS):
            (tmp_path / name).write_bytes(PACKED[:-1])
        with pytest.raises(CorruptCheckpointError) as error:
            run.read_last_checkpoint(lambda _: None)
    assert error.value.exit_code == 65


def test_without_links_the_checkpoint_before_is_a_copy(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with created(tmp_path) as run:
        for step in (1, 2):
            run.write_checkpoint(ARRAYS, {"step": step})
    assert read_checkpoint(tmp_path / PREVIOUS)[1] == {"step": 1}


def test_what_a_killed_writer_left_is_removed_and_a_killed_beginning_is_no_run(tmp_path):
    (tmp_path / ".config.toml.123.tmp").write_bytes(b"half")
    (tmp_path / ".lock").write_text("123")
    with created(tmp_path):
        pass
    (tmp_path / ".checkpoint.safetensors.123.tmp").write_bytes(b"half")
    with RunDirectory.reopen(tmp_path):
        assert not list(tmp_path.glob(".*.tmp"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "metrics.jsonl"]


def test_one_run_has_one_writer(tmp_path):
    with created(tmp_path), pytest.raises(DltermError, match=f"in use by process {os.getpid()}") as error:
        RunDirectory.reopen(tmp_path)
    assert error.value.exit_code == 75
    with RunDirectory.reopen(tmp_path):
        pass


def test_rows_after_the_checkpoint_are_cut_off(tmp_path):
    with created(tmp_path) as run:
        for epoch in (1, 2, 3):
            run.add_metrics({"epoch": epoch})
        with (tmp_path / "metrics.jsonl").open("ab") as file:
            file.write(b'{"epoch": 4, "tr')
        assert [row["epoch"] for row in run.cut_metrics(2)] == [1, 2]
        run.add_metrics({"epoch": 9})
    assert (tmp_path / "metrics.jsonl").read_text() == '{"epoch": 1}\n{"epoch": 2}\n{"epoch": 9}\n'


@pytest.mark.parametrize("text", ["", "recipe = 3", "[recipe]\nlr = 'x'", "\x00", "[recipe]\n", 'line = "'])
def test_a_config_that_is_none_is_65(tmp_path, text):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(DltermError, match=r"config\.toml") as error:
        read_config(tmp_path)
    assert error.value.exit_code == 65


def test_where_no_run_is_there_is_none_to_open(tmp_path):
    for look in (read_config, RunDirectory.reopen):
        with pytest.raises(DltermError, match="no run is here") as error:
            look(tmp_path)
        assert error.value.exit_code == 66
