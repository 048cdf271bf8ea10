"""Which part of the queue somebody wants to see, and where its next page begins; both stand in the address. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from consultations import signals
from moderation.states import Held, Kind, Show

PAGE = 50
LONGEST = 80
"""Characters that are looked for."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_PLACE = re.compile(r"([a-z])([0-9]{1,17})\.([0-9]{1,9})")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to show. Every field empty: all that waits."""

    kind: Kind | None = None
    consultation_id: int | None = None
    language: str = ""
    held: Held | None = None
    signal: signals.Kind | None = None
    is_overdue: bool = False
    is_paper: bool = False
    q: str = ""

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> Self:
        """As they stood in an address; what is not known there counts for nothing."""
        kind, held, number = asked.get("kind", ""), asked.get("held", ""), asked.get("consultation", "")
        language, signal = asked.get("language", ""), asked.get("signal", "")
        return cls(
            kind=Kind(kind) if kind in set(Kind) else None,
            consultation_id=int(number) if re.fullmatch(r"[0-9]{1,9}", number) else None,
            language=language if _LANGUAGE.fullmatch(language) else "",
            held=Held(held) if held in set(Held) else None,
            signal=signals.Kind(signal) if signal in set(signals.Kind) else None,
            is_overdue=bool(asked.get("overdue")),
            is_paper=bool(asked.get("paper")),
            q=" ".join(asked.get("q", "").replace("\0", "").split())[:LONGEST],
        )

    @property
    def fields(self) -> dict[str, str]:
        """As fields of a form or an address, without what is empty."""
        all_of = {
            "kind": self.kind or "",
            "consultation": str(self.consultation_id or ""),
            "language": self.language,
            "held": self.held or "",
            "signal": self.signal or "",
            "overdue": "1" if self.is_overdue else "",
            "paper": "1" if self.is_paper else "",
            "q": self.q,
        }
        return {name: str(value) for name, value in all_of.items() if value}


@dataclass(frozen=True)
class Place:
    """Where a list goes on: after this moment, and of that moment after this number."""

    at: datetime
    number: int


@dataclass(frozen=True)
class Cursor:
    """Where the next page of the queue begins: of each source of rows, by its letter, the last one shown."""

    places: Mapping[str, Place] = field(default_factory=dict)

    @classmethod
    def parse(cls, written: str) -> Self:
        """As it stood in an address; the beginning when it is not one."""
        found = [_PLACE.fullmatch(part) for part in written.split("-")[:9]] if written else []
        return cls({one[1]: Place(_EPOCH + int(one[2]) * _TICK, int(one[3])) for one in found if one})

    def __str__(self) -> str:
        return "-".join(f"{name}{(one.at - _EPOCH) // _TICK}.{one.number}" for name, one in self.places.items())

    def after(self, source: str, at: datetime, number: int) -> "Cursor":
        """Having shown one more."""
        return Cursor({**self.places, source: Place(at, number)})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One list of the queue, filtered, from a place on: all that the address says."""

    show: Show = Show.WAITING
    filters: Filters = field(default_factory=Filters)
    cursor: Cursor = field(default_factory=Cursor)

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> Self:
        """What was asked for; what waits when there is no such list."""
        show = asked.get("show", "")
        return cls(
            show=Show(show) if show in set(Show) else Show.WAITING,
            filters=Filters.parse(asked),
            cursor=Cursor.parse(asked.get("after", "")),
        )

    @property
    def fields(self) -> dict[str, str]:
        """As fields of a form or an address, without what is empty, and without the place."""
        return ({"show": str(self.show)} if self.show is not Show.WAITING else {}) | self.filters.fields

    @property
    def address(self) -> str:
        """Behind an address of the queue: `?…`, or nothing."""
        return f"?{urlencode(self.fields)}" if self.fields else ""

    @property
    def query(self) -> str:
        """All of it, the place too: what a live part asks for again."""
        after = {"after": str(self.cursor)} if self.cursor.places else {}
        return urlencode({"show": str(self.show)} | self.filters.fields | after)

    def on_from(self, cursor: Cursor) -> str:
        """The address of the page that begins there."""
        return "?" + urlencode(self.fields | {"after": str(cursor)})
