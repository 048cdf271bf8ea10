"""Who has a second factor and who has not, as the operator sees it; and how one is taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self

from accounts import roles, second_factor_queries
from accounts.models import Person, SecondFactorReset
from accounts.second_factor_rules import mandatory_roles
from accounts.states import ROLE_NAMES, STAFF, Role
from kernel import forms
from kernel.db import ReadSession
from kernel.forms import Form
from kernel.i18n import gettext as _
from kernel.pages import Page
from kernel.settings import Settings

SHOWN = 20
LONGEST_REASON = 1000


@dataclass(frozen=True, kw_only=True)
class RoleStand:
    """One role: whether it needs a second factor, and how its holders stand."""

    role: Role
    is_mandatory: bool
    have: Sequence[Person]
    have_not: Sequence[Person]


@dataclass(frozen=True, kw_only=True)
class Reset:
    """A second factor that was taken away; without `by` on the server."""

    written: SecondFactorReset
    person: Person
    by: Person | None


@dataclass(kw_only=True)
class ResetForm(Form):
    """Whose is taken away, and why."""

    person_id: int | None = None
    reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(person_id=forms.whole_number(data, "person_id"), reason=forms.text(data, "reason"))
        form.require("person_id", _("Kies wiens tweede stap u weghaalt."))
        form.require("reason", _("Schrijf op waarom, en hoe u weet dat u met deze persoon sprak."))
        form.limit("reason", LONGEST_REASON)
        return form


@dataclass(frozen=True, kw_only=True)
class SecondFactorsPage(Page):
    """Per role who has one; whose can be taken away; what was taken away lately."""

    template: ClassVar[str] = "set_up/second_factors.html"
    stands: Sequence[RoleStand]
    since: Mapping[int, datetime]
    others: Sequence[Person]
    resets: Sequence[Reset]
    form: ResetForm
    may_set_up: bool
    role_names: Mapping[Role, str] = field(default_factory=lambda: ROLE_NAMES)
    longest_reason: int = LONGEST_REASON


async def page(
    db: ReadSession, form: ResetForm, *, own_id: int | None, may_set_up: bool, settings: Settings
) -> SecondFactorsPage:
    """All of it, in a handful of questions however many people there are. One's own cannot be chosen."""
    mandatory = mandatory_roles(settings)
    shown = [role for role in Role if role in STAFF | mandatory]
    holders: dict[Role, dict[int, Person]] = {role: {} for role in shown}
    for role, _panel_id, person in await roles.held(db, among=shown):
        holders[role][person.id] = person
    people = {person_id: person for held in holders.values() for person_id, person in held.items()}
    since = await second_factor_queries.since(db, people=people)
    return SecondFactorsPage(
        stands=[
            RoleStand(
                role=role,
                is_mandatory=role in mandatory,
                have=[person for person_id, person in held.items() if person_id in since],
                have_not=[person for person_id, person in held.items() if person_id not in since],
            )
            for role, held in holders.items()
        ],
        since=since,
        others=[people[person_id] for person_id in sorted(since) if person_id != own_id],
        resets=[Reset(written=one, person=whose, by=by) for one, whose, by in await _lately(db)],
        form=form,
        may_set_up=may_set_up,
    )


async def _lately(db: ReadSession) -> list[tuple[SecondFactorReset, Person, Person | None]]:
    return await second_factor_queries.resets(db, most=SHOWN)
