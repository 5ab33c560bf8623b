from __future__ import annotations

from benchmarks.measure import Row, at_least, at_most, ratios, table, turns


def test_a_bar_is_met_by_the_median_not_by_the_best():
    assert Row("speed", "x", at_least(2), (1.0, 1.5, 9.0)).verdict == "MISSED"
    assert Row("speed", "x", at_least(2), (1.0, 2.5, 9.0)).verdict == "ok"
    assert Row("time", "s", at_most(3), (1.0, 2.5, 9.0)).verdict == "ok"


def test_contestants_take_turns_and_the_first_turn_does_not_count():
    log = []

    def contestant(name):
        def measure():
            log.append(name)
            return len(log)

        return measure

    samples = turns({"ours": contestant("ours"), "peer": contestant("peer")}, 2)
    assert log == ["ours", "peer"] * 3
    assert samples == {"ours": [3, 5], "peer": [4, 6]}


def test_a_ratio_is_taken_turn_by_turn():
    assert ratios([10, 40], [5, 10]) == (2, 4)


def test_a_table_says_why_a_peer_did_not_race():
    rows = [
        Row("a", "x", at_least(300), skipped="PyTorch is not installed"),
        Row("b", "us", None, (0.12345,)),
    ]
    header, missing, present = table(rows)
    assert header.split() == ["measured", "median", "min..max", "bar"]
    assert "at least 300 x" in missing
    assert missing.endswith("skipped: PyTorch is not installed")
    assert "0.123 us" in present
