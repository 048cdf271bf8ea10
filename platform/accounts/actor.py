"""Whoever asks now: a value that rules and templates can question without the database."""

from dataclasses import dataclass
from datetime import datetime

from accounts.states import STAFF, Role


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person with the grants of the present session, or nobody (`ANONYMOUS`).

    Who owes the second factor has none of their grants until it is given.
    """

    person_id: int | None = None
    name: str = ""
    language: str = "nl"
    grants: frozenset[tuple[Role, int | None]] = frozenset()
    owes_second_factor: bool = False
    has_second_factor: bool = False
    second_factor_at: datetime | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether we know who this is."""
        return self.person_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(role for role, _ in self.grants)

    @property
    def is_staff(self) -> bool:
        """Whether any role has work to do behind the counter."""
        return bool(self.roles & STAFF)

    def has(self, *roles: Role, panel_id: int | None = None) -> bool:
        """Whether one of the roles is held for the installation or for this panel; without a panel: anywhere."""
        return any(
            role in roles and (panel_id is None or held_for is None or held_for == panel_id)
            for role, held_for in self.grants
        )


ANONYMOUS = Actor()
