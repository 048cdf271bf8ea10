"""What a builder of a letter is given: the claimed message, its receiver, and the transaction to read and mint in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from accounts.models import Person
from kernel.db import WriteSession
from kernel.settings import Settings
from notify.models import Message

Words = dict[str, Any]
"""What the templates of one letter are given, beside what every letter has."""


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Whom a letter is for: a person, or an address that is nobody's yet and that nobody has shown to be theirs."""

    email: str
    language: str
    name: str = ""
    is_confirmed: bool = False
    person_id: int | None = None

    @classmethod
    def of(cls, person: Person) -> Self:
        """A person, at their own address."""
        return cls(
            email=person.email,
            language=person.language,
            name=person.name,
            is_confirmed=person.is_confirmed,
            person_id=person.id,
        )

    @property
    def id(self) -> int:
        """The person's number; letters that ask for it are only ever for a person."""
        if self.person_id is None:
            raise ValueError("an address is no person")
        return self.person_id


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter about to be written."""

    tx: WriteSession
    message: Message
    receiver: Receiver
    settings: Settings
    now: datetime

    def fact(self, name: str) -> int:
        """One of the message's ids."""
        return int(self.message.facts[name])

    def link(self, path: str) -> str:
        """The public address of a path."""
        return self.settings.absolute(path)


Addressed = Callable[[WriteSession, Message], Awaitable[Receiver | None]]
Builder = Callable[[Draft], Awaitable[Words | None]]
