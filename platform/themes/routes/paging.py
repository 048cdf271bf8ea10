"""Going through the ideas of a theme: a page begins after the support and id of the last idea before it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from themes.overviews import PlacedIdea

_KEY = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Where the reader is in a list. Ask for `limit` rows: one more than fit tells that there is a next page."""

    path: str
    size: int
    after: tuple[int, int] | None
    kept: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str], *, path: str, size: int, kept: Mapping[str, str] | None = None) -> Self:
        """Read the key in the address; a strange one means the first page. `kept` stays in every address."""
        found = _KEY.fullmatch(query.get("after", ""))
        return cls(path=path, size=size, after=(int(found[1]), int(found[2])) if found else None, kept=kept or {})

    @property
    def limit(self) -> int:
        """How many rows to ask for."""
        return self.size + 1

    def shown(self, rows: Sequence[PlacedIdea]) -> Sequence[PlacedIdea]:
        """The rows of this page."""
        return rows[: self.size]

    def next_url(self, rows: Sequence[PlacedIdea]) -> str | None:
        """The next page, or None at the end."""
        if len(rows) <= self.size:
            return None
        last = rows[self.size - 1].idea
        return self._url(after=f"{last.endorsement_count}-{last.id}")

    @property
    def first_url(self) -> str | None:
        """The first page, or None on it."""
        return self._url() if self.after else None

    def _url(self, **more: str) -> str:
        query = urlencode({**self.kept, **more})
        return f"{self.path}?{query}" if query else self.path
