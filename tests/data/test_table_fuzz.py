"""Whatever is in a file, it is a data set or a refusal: never a traceback, never a wait."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings

from benchmarks import tables
from benchmarks.tables import near_tables, options, read_or_refused, run


@settings(max_examples=400, deadline=5000, suppress_health_check=list(HealthCheck))
@given(near_tables, options)
@example(("any.csv", b"\xef\xbb\xbf"), {})
@example(("any.csv", b"1,2\n" * 5), {})
@example(("any.csv", b"a,b\r1,2\r3,\xff"), {})
@example(("any.jsonl", b'{"a": 1}\n' + b"[" * 100_000), {})
def test_any_file_is_a_data_set_or_a_refusal(tmp_path_factory, file, given_options):
    path = Path(tmp_path_factory.getbasetemp(), file[0])
    path.write_bytes(file[1])
    assert read_or_refused(path, **given_options) in ("read", "refused")


def test_the_benchmark_counts_what_became_of_every_file():
    found = run(40)
    assert found["files"] == found["read"] + found["refused"] >= 40
    assert found["tracebacks"] == found["hangs"] == 0


def test_the_benchmark_tells_a_traceback_and_a_wait(monkeypatch, capsys):
    monkeypatch.setattr(tables, "load", lambda path, **options: 1 / 0)
    assert run(5)["tracebacks"] >= 5
    assert "ZeroDivisionError" in capsys.readouterr().err

    def wait(path, **options):
        while True:
            pass

    monkeypatch.setattr(tables, "load", wait)
    monkeypatch.setattr(tables, "_LIMIT", 0.01)
    assert run(5)["hangs"] >= 5
