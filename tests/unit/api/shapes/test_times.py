"""Dates on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from jackfield.api.shapes.times import fine_stamp, stamp


def test_stamps_are_utc() -> None:
    """Whole seconds with Z for credentials, milliseconds for states, whatever the zone."""
    moment = datetime(2019, 12, 17, 18, 16, 21, 123456, tzinfo=timezone(timedelta(hours=2)))
    assert stamp(moment) == "2019-12-17T16:16:21Z"
    assert fine_stamp(moment) == "2019-12-17T16:16:21.123Z"
    assert fine_stamp(datetime(2020, 1, 1, tzinfo=UTC)) == "2020-01-01T00:00:00.000Z"
