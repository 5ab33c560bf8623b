"""The present is told in every zone, also in one that there cannot be."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from dlterm.clock import local, local_time

needs_zones = pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system's zone cannot be set")


@pytest.fixture
def zone(monkeypatch):
    def put(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@needs_zones
def test_the_present_is_in_the_local_zone(zone):
    zone("XXX-3")
    now = local_time()
    assert now.utcoffset() == timedelta(hours=3)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


@needs_zones
@pytest.mark.parametrize("name", ["XXX80", "XXX-24", "XXX24"])
def test_where_python_cannot_use_the_zone_it_is_utc(zone, name):
    zone(name)
    assert local_time().utcoffset() == timedelta(0)
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert local(moment) == moment
