"""Instants that tests speak of."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""Monday 23 November 2026, 12.00 uur in the Netherlands."""

OPENS = NOON - timedelta(days=7)
CLOSES = NOON + timedelta(days=7)
"""The period that `a_consultation` has unless told otherwise."""
