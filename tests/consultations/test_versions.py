"""An author changes a text: until when, what everybody sees of it, and what never shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.states import Role
from consultations import editing, endorsements, ideas, rules
from consultations.differences import difference
from consultations.ideas import Written
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.states import IdeaRoute, IdeaState, Policy
from kernel.clock import StandingClock
from kernel.db import Database, WriteSession
from kernel.errors import TooOften
from kernel.events import EventRecord
from tests.builders import a_consultation, a_person, an_idea, move_idea
from tests.moments import CLOSES, NOON
from tests.visitor import Visitor

A_WEEK = timedelta(days=7)
OLD, NEW = "Zet een bankje langs het water.", "Zet twee bankjes langs het water."


async def an_open_idea(tx: WriteSession, **given: Any) -> Idea:
    """With its consultation loaded, as queries give it."""
    consultation = given.pop("consultation", None) or await a_consultation(tx)
    return await an_idea(
        tx, **{"consultation": consultation, "title": "Een bankje", "body": OLD, "received_at": NOON, **given}
    )


async def receipt(database: Database, idea: Idea) -> str:
    async with database.write() as tx:
        return await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)


@pytest.mark.parametrize(
    ("given", "at", "is_supported", "may"),
    [
        ({}, timedelta(0), False, True),
        ({"state": IdeaState.IN_REVIEW}, timedelta(0), False, True),
        ({"state": IdeaState.PUBLISHED}, timedelta(0), False, True),
        ({"state": IdeaState.PUBLISHED}, timedelta(0), True, False),
        ({"state": IdeaState.SUBMITTED}, timedelta(0), False, False),
        ({"state": IdeaState.RETURNED}, timedelta(0), False, False),
        ({"state": IdeaState.REJECTED}, timedelta(0), False, False),
        ({"state": IdeaState.WITHDRAWN}, timedelta(0), False, False),
        ({}, A_WEEK - timedelta(seconds=1), False, True),
        ({}, A_WEEK, False, False),
        ({"received_at": NOON - A_WEEK + timedelta(seconds=1)}, timedelta(0), False, True),
        ({"received_at": NOON - A_WEEK}, timedelta(0), False, False),
        ({"state": IdeaState.PUBLISHED, "route": IdeaRoute.IN_THEME}, timedelta(0), False, True),
        ({"state": IdeaState.PUBLISHED, "route": IdeaRoute.ON_AGENDA}, timedelta(0), False, False),
        ({"is_late": True, "received_at": CLOSES + timedelta(days=1)}, A_WEEK + timedelta(days=2), False, True),
        ({"is_late": True, "received_at": CLOSES}, A_WEEK * 2, False, False),
    ],
)
async def test_a_text_can_be_changed_for_a_week_before_the_close_and_until_somebody_supports_it(
    tx: WriteSession, given: dict[str, Any], at: timedelta, is_supported: bool, may: bool
) -> None:
    idea = await an_open_idea(tx, **given)
    consultation = await tx.get_one(Consultation, idea.consultation_id)

    assert rules.may_edit(consultation, idea, is_bound=is_supported, now=NOON + at) is may


async def test_a_change_of_what_is_public_waits_for_the_moderators_and_both_texts_are_kept(tx: WriteSession) -> None:
    idea = await an_open_idea(tx, state=IdeaState.PUBLISHED)
    first = idea.published_at
    await tx.refresh(idea, ["consultation"])

    await editing.edit(tx, idea=idea, written=Written(body=NEW, title="Twee bankjes"), now=NOON)

    assert (idea.state, idea.body, idea.title) == (IdeaState.RECEIVED, NEW, "Twee bankjes")
    texts = (await tx.scalars(select(IdeaVersion).order_by(IdeaVersion.number))).all()
    assert [(one.number, one.body, one.published_at) for one in texts] == [(1, OLD, first), (2, NEW, None)]
    await move_idea(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON + timedelta(hours=1))
    await tx.refresh(texts[1])
    assert (idea.published_at, texts[1].published_at) == (first, NOON + timedelta(hours=1))
    names = await tx.scalars(select(EventRecord.name).order_by(EventRecord.id))
    assert [name for name in names if name.startswith("idea.")] == ["idea.edited", "idea.published"]


async def test_the_same_text_changes_nothing_and_five_changes_a_day_are_enough(tx: WriteSession) -> None:
    idea = await an_open_idea(tx)
    await tx.refresh(idea, ["consultation"])
    same = Written(body=OLD, title="Een bankje")
    for _ in range(9):
        await editing.edit(tx, idea=idea, written=same, now=NOON)
    for number in range(editing.A_DAY):
        await editing.edit(tx, idea=idea, written=Written(body=f"{number} bankjes."), now=NOON)

    with pytest.raises(TooOften):
        await editing.edit(tx, idea=idea, written=Written(body="Nog een keer."), now=NOON)

    assert len((await tx.scalars(select(IdeaVersion))).all()) == 1 + editing.A_DAY


async def test_where_ideas_are_public_at_once_a_changed_one_is_too(tx: WriteSession) -> None:
    consultation = await a_consultation(tx, policy=Policy.PUBLISH_AT_ONCE)
    idea = await an_open_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    await tx.refresh(idea, ["consultation"])

    await editing.edit(tx, idea=idea, written=Written(body=NEW), now=NOON)

    assert (idea.state, idea.body) == (IdeaState.PUBLISHED, NEW)


async def test_support_and_a_block_keep_a_text_as_it_is(tx: WriteSession) -> None:
    idea, other = await an_open_idea(tx, state=IdeaState.PUBLISHED), await a_person(tx)
    await endorsements.endorse(tx, idea=idea, person_id=other.id, now=NOON)
    blocked = await an_open_idea(tx, author=await a_person(tx, role=Role.BLOCKED))
    for one, refusal in ((idea, rules.NotToEdit), (blocked, rules.Blocked)):
        await tx.refresh(one, ["consultation"])
        with pytest.raises(refusal):
            await editing.edit(tx, idea=one, written=Written(body=NEW), now=NOON)


async def test_from_the_receipt_to_a_difference_that_everybody_reads(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, clock: StandingClock
) -> None:
    async with database.write() as tx:
        idea = await an_open_idea(tx, state=IdeaState.PUBLISHED)
    reader = another()
    await reader.open(f"/ideas/{idea.id}")
    assert "Bekijk wat er veranderde" not in reader.text

    await visitor.open(await receipt(database, idea))
    await visitor.follow("Verander uw tekst")
    assert "gaat van de site tot een moderator de nieuwe tekst heeft gelezen" in visitor.text
    await visitor.press("Stuur de nieuwe tekst in", body=NEW)
    assert "Wordt gelezen" in visitor.text
    await visitor.follow("Bekijk wat u veranderde")
    assert "<del>" in visitor.text
    await reader.open(f"/ideas/{idea.id}")
    assert reader.status == 404
    await reader.open(f"/ideas/{idea.id}/versions")
    assert reader.status == 404
    async with database.write() as tx:
        await move_idea(tx, idea=await tx.get_one(Idea, idea.id), to=IdeaState.PUBLISHED, actor_id=None, now=NOON)

    await reader.open(f"/ideas/{idea.id}")
    await reader.follow("Bekijk wat er veranderde")

    told = "".join(reader.text.split())
    assert "geschrapt:</span>eenbankje</del>" in told
    assert "toegevoegd:</span>tweebankjes</ins>" in told
    clock.move(A_WEEK)
    await visitor.open(await receipt(database, idea))
    assert "Verander uw tekst" not in visitor.text


async def test_a_text_that_never_stood_in_public_is_shown_to_its_author_alone(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        idea = await an_open_idea(tx, body="Bel mij op 06-12345678.")
        await tx.refresh(idea, ["consultation"])
        await editing.edit(tx, idea=idea, written=Written(body=NEW), now=NOON)
        await move_idea(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)

    await visitor.open(f"/ideas/{idea.id}/versions")
    assert ("06-12345678" in visitor.text, "niet veranderd sinds" in visitor.text) == (False, True)
    await visitor.open(f"{await receipt(database, idea)}/versions")
    assert "06-12345678" in visitor.text


async def test_withdrawing_leaves_a_place_that_counts_and_no_word_in_any_version(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        idea = await an_open_idea(tx, state=IdeaState.PUBLISHED)
        await tx.refresh(idea, ["consultation"])
        await editing.edit(tx, idea=idea, written=Written(body=NEW), now=NOON)
        slug = idea.consultation.slug
    await visitor.open(await receipt(database, idea))
    await visitor.press("Trek mijn inzending in")
    await visitor.press("Ja, trek mijn inzending in")

    async with database.read() as db:
        texts = (await db.scalars(select(IdeaVersion))).all()
    assert [(one.title, one.body) for one in texts] == [("", ""), ("", "")]
    for address in (f"/ideas/{idea.id}", f"/ideas/{idea.id}/versions"):
        await visitor.open(address)
        assert (visitor.status, "De inzending telt nog mee" in visitor.text) == (410, True)
    await visitor.open(f"{await receipt(database, idea)}/versions")
    assert "bankje" not in visitor.text
    await visitor.open(f"/consultations/{slug}")
    assert "ingetrokken" in visitor.text


def test_two_texts_that_were_made_to_be_hard_to_compare_are_compared_in_time() -> None:
    before, after = "ab " * 800, "ba " * 400 + "ab ba " * 200

    parts = difference(before, after)

    assert "".join(text for kind, text in parts if kind != "added").startswith(before[:9])
    assert parts[-1][0] in {"same", "added"}
