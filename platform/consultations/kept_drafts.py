"""A text that is not finished: kept here, found again by a link in a letter, on any device.

Nobody but its writer reads it. It is thrown away when it is sent in, when its writer says so, and when it lies still.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import delete

from accounts import people
from accounts.actor import Actor
from accounts.models import Person
from consultations import writing_queries
from consultations.models import Consultation
from consultations.states import ConsultationState
from consultations.writing_events import DraftLinkAsked
from consultations.writing_models import KEPT_FOR, KeptDraft
from kernel import allowances, tokens
from kernel.db import WriteSession
from kernel.errors import DomainError
from kernel.events import record
from kernel.i18n import N_

DRAFT = "draft"
A_DAY = 5
"""Texts that can be kept with one address in a day: each brings a letter."""
MOST_KEPT = 20_000
TAKES_DRAFTS = frozenset({ConsultationState.ANNOUNCED, ConsultationState.SUSPENDED})


class TooManyDrafts(DomainError):
    """Too many texts were kept with one address, or too many links asked for, today."""

    code = "too_many_drafts"
    status: ClassVar[int] = 429
    message = N_(
        "Met dit adres is vandaag al %(most)s keer een link gevraagd. Kijk in uw mail. U kunt uw tekst ook nu insturen."
    )


class NotToKeep(DomainError):
    """The consultation is over: nothing can come of the text."""

    code = "not_to_keep"
    message = N_("Bij deze consultatie kunt u geen tekst meer bewaren. Ze is afgerond.")


def length_of(fields: Mapping[str, str]) -> int:
    """All characters together."""
    return sum(len(value) for value in fields.values())


async def keep(
    tx: WriteSession,
    *,
    actor: Actor,
    consultation: Consultation,
    fields: Mapping[str, str],
    email: str,
    language: str,
    now: datetime,
) -> KeptDraft:
    """Keep a text for whoever is signed in, else for the address; a letter brings the link. Raises TooManyDrafts."""
    if consultation.state not in TAKES_DRAFTS:
        raise NotToKeep
    if actor.person_id is not None:
        person = await tx.get_one(Person, actor.person_id)
    else:
        person = await people.meet(tx, email=email, language=language, now=now)
    draft = KeptDraft(
        consultation=consultation,
        person=person,
        fields=dict(fields),
        created_at=now,
        kept_at=now,
        opened_at=now if actor.is_signed_in else None,
        warned_of=None,
    )
    tx.add(draft)
    await tx.flush()
    await ask_link(tx, draft=draft, now=now)
    return draft


async def ask_link(tx: WriteSession, *, draft: KeptDraft, now: datetime) -> None:
    """Send the writer a letter with a link. Raises TooManyDrafts."""
    whose, within = f"person:{draft.person_id}", timedelta(days=1)
    if not await allowances.take(tx, kind="draft_link", whose=whose, most=A_DAY, within=within, now=now):
        raise TooManyDrafts(most=A_DAY)
    await record(tx, DraftLinkAsked(at=now, actor_id=None, draft_id=draft.id, person_id=draft.person_id))


async def save(tx: WriteSession, *, draft: KeptDraft, fields: Mapping[str, str], now: datetime) -> KeptDraft:
    """What it says now, in place of what it said."""
    draft.fields, draft.kept_at = dict(fields), now
    await tx.flush()
    return draft


async def open_up(tx: WriteSession, *, draft: KeptDraft, now: datetime) -> None:
    """The letter's link was used: the address is its reader's, and so is the text."""
    await people.confirm(tx, person=await tx.get_one(Person, draft.person_id), now=now)
    draft.opened_at = draft.opened_at or now
    await tx.flush()


async def discard(tx: WriteSession, *, draft_id: int) -> None:
    """Throw it away: it was sent in, or its writer is done with it."""
    await tx.execute(delete(KeptDraft).where(KeptDraft.id == draft_id))


async def link(tx: WriteSession, *, draft: KeptDraft, now: datetime) -> str:
    """The path of the link that opens it: one use, for as long as the text is kept."""
    secret = await tokens.mint(
        tx, purpose=DRAFT, subject=f"draft:{draft.id}", expires_at=draft.kept_at + KEPT_FOR, now=now
    )
    return f"/drafts/open/{secret}"


async def to_warn_of(tx: WriteSession, *, now: datetime) -> list[KeptDraft]:
    """The drafts whose writers are to be warned now, each marked as warned of."""
    due = list(await writing_queries.drafts_to_warn_of(tx, now=now))
    for draft in due:
        draft.warned_of = draft.consultation.closes_at  # once for each close, when that moves
    await tx.flush()
    return due


async def to_warn_that_they_go(tx: WriteSession, *, now: datetime) -> list[KeptDraft]:
    """The drafts that go within a week, each marked as warned of."""
    due = list(await writing_queries.drafts_that_go(tx, now=now))
    for draft in due:
        draft.warned_of = max(draft.goes_at, now + timedelta(days=1))
    await tx.flush()
    return due
