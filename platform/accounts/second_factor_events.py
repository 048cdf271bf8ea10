"""Facts about second factors. No code, secret or reason stands in them."""

from dataclasses import dataclass
from typing import ClassVar

from accounts.events import PersonEvent


@dataclass(frozen=True, kw_only=True)
class SecondFactorSetUp(PersonEvent):
    """Somebody has a second factor from now on, or another one than before."""

    name: ClassVar[str] = "person.second_factor_set_up"
    kind: str
    is_another: bool


@dataclass(frozen=True, kw_only=True)
class SecondFactorGiven(PersonEvent):
    """Somebody showed to have it, to sign in or for a heavy deed."""

    name: ClassVar[str] = "person.second_factor_given"
    kind: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(PersonEvent):
    """Somebody signed in, or changed the second factor, with a code on paper."""

    name: ClassVar[str] = "person.recovery_code_used"
    left: int


class RecoveryCodesMade(PersonEvent):
    """Somebody has new codes on paper; the old ones are worth nothing."""

    name: ClassVar[str] = "person.recovery_codes_made"


class SecondFactorRemoved(PersonEvent):
    """Somebody wants to do without."""

    name: ClassVar[str] = "person.second_factor_removed"


class SecondFactorTried(PersonEvent):
    """Wrong codes came too often, from somebody who got past the mailbox."""

    name: ClassVar[str] = "person.second_factor_tried"


@dataclass(frozen=True, kw_only=True)
class SecondFactorWasReset(PersonEvent):
    """Somebody else took it away; `reset_id` holds why."""

    name: ClassVar[str] = "person.second_factor_reset"
    reset_id: int
