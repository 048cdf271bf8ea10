"""The sample's files, and its dates counted from the day of loading."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).resolve().parents[1] / "sample"
NEIGHBOURHOODS = FOLDER / "neighbourhoods.geojson"
PLACES = FOLDER / "places.txt"
"""The municipality's streets and quarters: names that make no theme."""


def read(name: str) -> Any:
    """One of the sample's JSON files, or the rows of a .jsonl file."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if name.endswith(".jsonl") else json.loads(text)


@dataclass(frozen=True)
class Days:
    """Turns the sample's day offsets into instants around the moment of loading."""

    now: datetime
    zone: ZoneInfo

    def at(self, days: float, clock: str = "12:00") -> datetime:
        """The instant `days` from today at a local clock time."""
        day = self.now.astimezone(self.zone).date() + timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(clock), self.zone).astimezone(UTC)

    def ago(self, days: float) -> datetime:
        """The instant that many days before loading."""
        return self.now - timedelta(days=days)
