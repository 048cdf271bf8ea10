"""What a builder of a letter is given: the claimed message, its receiver, and the transaction to read and mint in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from kernel.db import WriteSession
from kernel.settings import Settings
from notify.models import Message

Words = dict[str, Any]
"""What the templates of one letter are given, beside what every letter has."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter about to be written."""

    tx: WriteSession
    message: Message
    receiver: Person
    settings: Settings
    now: datetime

    def fact(self, name: str) -> int:
        """One of the message's ids."""
        return int(self.message.facts[name])

    def link(self, path: str) -> str:
        """The public address of a path."""
        return self.settings.absolute(path)


Builder = Callable[[Draft], Awaitable[Words | None]]
