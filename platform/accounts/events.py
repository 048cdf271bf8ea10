"""Facts this room announces."""

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    """A fact about one person."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class SignInRequested(PersonEvent):
    """Somebody asked for a sign-in link to this person's address."""

    name: ClassVar[str] = "person.sign_in_requested"
    request_id: int


class PersonConfirmed(PersonEvent):
    """The address was shown to be this person's."""

    name: ClassVar[str] = "person.confirmed"


class PersonSignedIn(PersonEvent):
    """A session began."""

    name: ClassVar[str] = "person.signed_in"


class PersonSignedOut(PersonEvent):
    """A session ended."""

    name: ClassVar[str] = "person.signed_out"


@dataclass(frozen=True, kw_only=True)
class PersonSessionsEnded(PersonEvent):
    """Every session of this person ended at once; `why` is one of `accounts.states.Ended`."""

    name: ClassVar[str] = "person.sessions_ended"
    why: str
    ended: int


@dataclass(frozen=True, kw_only=True)
class RoleGranted(PersonEvent):
    """The person may be something more."""

    name: ClassVar[str] = "person.role_granted"
    role: str
    panel_id: int | None


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(PersonEvent):
    """The person may be something less."""

    name: ClassVar[str] = "person.role_revoked"
    role: str
    panel_id: int | None
