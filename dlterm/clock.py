"""What the clock shows: one place that knows of time zones that Python cannot use, such as TZ=XXX80."""

from __future__ import annotations

from datetime import UTC, datetime


def local_time() -> datetime:
    """Return the present, with its zone: the local one, or UTC where that is none."""
    return local(datetime.now(UTC))


def local(moment: datetime) -> datetime:
    """Return a moment in the local zone, or in UTC where that is 24 hours or more from it."""
    try:
        return moment.astimezone()
    except ValueError:
        return moment.astimezone(UTC)
