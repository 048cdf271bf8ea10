"""Who must have a second factor, who still owes it, and when it was given too long ago. No session."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from accounts.actor import Actor
from accounts.states import STAFF, Role
from kernel.errors import DomainError
from kernel.i18n import N_
from kernel.settings import Settings, SettingsError

FRESH_FOR = timedelta(minutes=15)
"""How long ago it may have been given for the heaviest deeds."""
BEGUN_FOR = timedelta(minutes=30)
"""How long a secret that was shown waits for its first code."""
WRONG_AT_MOST = 5
WRONG_WITHIN = timedelta(minutes=15)
NOBODY = "none"
CAN_BE_ASKED = frozenset(Role) - {Role.RESIDENT, Role.BLOCKED}


class SecondFactorFirst(DomainError):
    """The session still owes the second factor: the edge leads people to the page that asks for it."""

    code: ClassVar[str] = "second_factor_first"
    status: ClassVar[int] = 403
    message = N_("Geef eerst de code van uw tweede stap.")


class SecondFactorAgain(DomainError):
    """Given too long ago for something this heavy; asked for once more."""

    code: ClassVar[str] = "second_factor_again"
    status: ClassVar[int] = 403
    message = N_("Dit kan alleen als u kort geleden uw code gaf. Geef uw code nog een keer.")


class SecondFactorMandatory(DomainError):
    """Whoever has such a role cannot do without; another one can take its place."""

    code: ClassVar[str] = "second_factor_mandatory"
    status: ClassVar[int] = 409
    message = N_("Bij uw taak hoort een tweede stap. U kunt hem vervangen, maar niet weghalen.")


class SecondFactorYourOwn(DomainError):
    """Nobody takes their own away this way."""

    code: ClassVar[str] = "second_factor_your_own"
    status: ClassVar[int] = 403
    message = N_("Uw eigen tweede stap kunt u hier niet weghalen. Vraag het aan een andere beheerder.")


def mandatory_roles(settings: Settings) -> frozenset[Role]:
    """The roles that cannot do without: as KLANKBORD_SECOND_FACTOR says, else all staff in production and nobody in
    demo and test. Raises SettingsError for a word that is no such role."""
    if not settings.second_factor:
        return STAFF if settings.mode == "production" else frozenset()
    if settings.second_factor == NOBODY:
        return frozenset()
    named = set(settings.second_factor.split(","))
    known = {role.value: role for role in CAN_BE_ASKED}
    if not named <= set(known):
        wrong = ", ".join(sorted(named - set(known)))
        raise SettingsError(
            [f"KLANKBORD_SECOND_FACTOR names {wrong}; it must be none, or some of {', '.join(sorted(known))}."]
        )
    return frozenset(known[one] for one in named)


def owes(roles: Collection[Role], *, has_one: bool, given_at: datetime | None, mandatory: frozenset[Role]) -> bool:
    """Whether a session still has to show it before it carries any grant."""
    return given_at is None and (has_one or not mandatory.isdisjoint(roles))


def require_shown(actor: Actor) -> None:
    """Let through who has none, or gave it in this session."""
    if actor.has_second_factor and actor.second_factor_at is None:
        raise SecondFactorFirst


def require_fresh(actor: Actor, *, now: datetime) -> None:
    """Let through who has none, or gave it a short while ago."""
    if actor.owes_second_factor:
        raise SecondFactorFirst
    given_at = actor.second_factor_at
    if actor.has_second_factor and (given_at is None or now - given_at >= FRESH_FOR):
        raise SecondFactorAgain
