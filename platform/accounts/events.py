"""Facts this room announces."""

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SignInRequested(Event):
    """Somebody asked for a letter to sign in with; whose address it is, nobody has looked up."""

    name: ClassVar[str] = "sign_in.requested"
    sign_in_id: int


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    """A fact about one person."""

    person_id: int


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
class AddressChangeEvent(PersonEvent):
    """A fact about another address for this person; for an operator's, the row says why."""

    change_id: int


class AddressChangeAsked(AddressChangeEvent):
    """The person wants their letters at another address, which has to confirm it."""

    name: ClassVar[str] = "person.address_change_asked"


class AddressChanged(AddressChangeEvent):
    """The person has another address from now on; the old one can put it back for seven days."""

    name: ClassVar[str] = "person.address_changed"


class AddressPutBack(AddressChangeEvent):
    """Who reads the old address says that the person did not do this."""

    name: ClassVar[str] = "person.address_put_back"


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


class PersonWarned(PersonEvent):
    """Nobody came for so long that the account goes in a month, unless somebody comes."""

    name: ClassVar[str] = "person.warned"


class PersonErased(PersonEvent):
    """The account is nobody's any more, and its words are gone; it was asked for, or nobody came for two years."""

    name: ClassVar[str] = "person.erased"
