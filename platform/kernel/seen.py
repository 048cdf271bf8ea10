"""Pages grow old: a form says which version it was opened on, and a verb refuses when somebody changed it since."""

from typing import Protocol

from kernel.errors import ChangedMeanwhile


class Versioned(Protocol):
    """A row that counts its changes."""

    @property
    def version(self) -> int:
        """One more at every change."""
        ...


def require_seen(row: Versioned, seen: int | None) -> None:
    """Raise ChangedMeanwhile unless the row is as it was on the page; None: whoever calls read it just now."""
    if seen is not None and row.version != seen:
        raise ChangedMeanwhile
