"""Who is signed in, as the operator sees it; the way out for them, and another address for who lost a mailbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from accounts import queries, roles
from accounts.models import AddressChange, Person, SessionRecord
from accounts.states import ROLE_NAMES, Role
from kernel import forms
from kernel.db import ReadSession
from kernel.forms import Form
from kernel.i18n import gettext as _
from kernel.pages import Page

SHOWN = 20
LONGEST_REASON = 1000
WITH_A_TASK = tuple(role for role in Role if role not in {Role.RESIDENT, Role.BLOCKED})


@dataclass(frozen=True, kw_only=True)
class SignedInPerson:
    """Somebody with a task who is signed in, and in how many browsers."""

    person: Person
    roles: Sequence[Role]
    sessions: int


@dataclass(frozen=True, kw_only=True)
class Changed:
    """An address that an operator changed. The addresses themselves are not kept for long."""

    written: AddressChange
    person: Person
    by: Person


@dataclass(kw_only=True)
class SignOutForm(Form):
    """Who is signed out, by address: residents stand in no list."""

    email: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the field."""
        form = cls(email=forms.email(data, "email"))
        if not forms.is_email(form.email):
            form.errors["email"] = _("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return form


@dataclass(kw_only=True)
class NewAddressForm(Form):
    """Whose address becomes which, and why."""

    old_email: str = ""
    new_email: str = ""
    reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the fields."""
        form = cls(
            old_email=forms.email(data, "old_email"),
            new_email=forms.email(data, "new_email"),
            reason=forms.text(data, "reason"),
        )
        for name in ("old_email", "new_email"):
            if not forms.is_email(getattr(form, name)):
                form.errors[name] = _("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        form.require("reason", _("Schrijf op waarom, en hoe u weet dat u met deze persoon sprak."))
        form.limit("reason", LONGEST_REASON)
        return form


@dataclass(frozen=True, kw_only=True)
class SignInsPage(Page):
    """Who is signed in, whom to sign out, whose address to change."""

    template: ClassVar[str] = "set_up/sign_ins.html"
    people: Sequence[SignedInPerson]
    away: int
    others: int
    changes: Sequence[Changed]
    form: SignOutForm
    new_address: NewAddressForm
    may_set_up: bool
    role_names: Mapping[Role, str] = field(default_factory=lambda: ROLE_NAMES)
    longest_reason: int = LONGEST_REASON


async def page(
    db: ReadSession,
    *,
    form: SignOutForm | None = None,
    new_address: NewAddressForm | None = None,
    may_set_up: bool,
    now: datetime,
) -> SignInsPage:
    """All of it, in a handful of questions however many people there are."""
    held: dict[int, tuple[Person, list[Role]]] = {}
    for role, _panel_id, person in await roles.held(db, among=WITH_A_TASK):
        theirs = held.setdefault(person.id, (person, []))[1]
        if role not in theirs:
            theirs.append(role)
    living = queries.alive(now).with_only_columns(SessionRecord.person_id, func.count())
    counted = await db.execute(living.group_by(SessionRecord.person_id))
    sessions = {person_id: count for person_id, count in counted}  # noqa: C416 - rows are not tuples to mypy
    return SignInsPage(
        people=[
            SignedInPerson(person=person, roles=tasks, sessions=sessions[person.id])
            for person, tasks in sorted(held.values(), key=lambda one: (one[0].name.lower(), one[0].id))
            if person.id in sessions
        ],
        away=len(set(held) - set(sessions)),
        others=len(set(sessions) - set(held)),
        changes=await _lately(db),
        form=form or SignOutForm(),
        new_address=new_address or NewAddressForm(),
        may_set_up=may_set_up,
    )


async def _lately(db: ReadSession) -> list[Changed]:
    by = aliased(Person)
    wanted = (
        select(AddressChange, Person, by)
        .join(Person, Person.id == AddressChange.person_id)
        .join(by, by.id == AddressChange.by_id)
        .where(AddressChange.by_id != AddressChange.person_id)
        .order_by(AddressChange.id.desc())
        .limit(SHOWN)
    )
    return [Changed(written=one, person=person, by=who) for one, person, who in await db.execute(wanted)]
