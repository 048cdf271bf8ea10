"""Comments: where and when they are written, what becomes of them, and that no list or number of ideas has them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from accounts.states import Role
from consultations import (
    comment_queries,
    comments,
    editing,
    endorsements,
    ideas,
    lifecycle,
    queries,
    rules,
    ways_queries,
)
from consultations.ideas import Written
from consultations.models import Consultation, Endorsement, Idea
from consultations.states import ConsultationState, IdeaKind, IdeaRoute, IdeaState, PhaseKind
from kernel.db import Database, ReadSession, WriteSession
from kernel.events import EventRecord
from moderation import decisions
from moderation.states import Outcome
from notify import departures
from panels.models import Panel
from tests.builders import (
    a_comment,
    a_consultation,
    a_meeting,
    a_moderated_consultation,
    a_moderator,
    a_panel,
    a_person,
    a_point,
    a_theme,
    an_idea,
    let_talk,
    move_idea,
)
from tests.consultations.test_rounds import DISCUSSED, PHASES, SUPPORTED, a_round
from tests.moments import CLOSES, NOON, OPENS
from tests.panels.staff import signed_in
from tests.visitor import Visitor
from themes import queries as themes
from themes import shelves, standing
from themes.models import Placement
from themes.states import PlacedBy

BODY = "Zet er ook een lamp bij. Het is daar 's avonds donker."
MAILBOX = "vult.aan@waterveen.example"
MOMENT = timedelta(microseconds=1)
_COUNTED = re.compile(r"\s*<li>(?:(?!<li>).)*\d+ aanvulling(?:en)?</li>|\"comments\":\d+", re.DOTALL)
"""How many comments each idea has stands beside it."""
_FRESH = re.compile(r'name="(?:_csrf_token|idempotency_key)" value="[^"]*"|nonce-[\w-]+|request_id[^,]+')


@pytest.fixture
async def idea(database: Database) -> Idea:
    """A public idea in a consultation with threads, at /consultations/kade."""
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx, slug="kade")
        await let_talk(tx, consultation)
        return await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title="Bankjes op de kade")


async def the_comment(database: Database) -> Idea:
    async with database.read() as db:
        return (await db.scalars(select(Idea).where(Idea.under_id.is_not(None)))).one()


# from the idea's page to the thread


async def test_from_the_page_of_an_idea_to_a_comment_under_it(visitor: Visitor, database: Database, idea: Idea) -> None:
    await visitor.open(f"/ideas/{idea.id}")
    assert "Er staat nog geen aanvulling." in visitor.text
    await visitor.press("Verstuur uw aanvulling", body=BODY, shown_name="Riet", sender=MAILBOX)
    assert (visitor.status, visitor.path) == (200, "/consultations/kade/ideas/sent")
    assert MAILBOX in visitor.text
    comment = await the_comment(database)
    assert (comment.state, comment.under_id, comment.title, comment.is_late) == (
        IdeaState.SUBMITTED,
        idea.id,
        "Zet er ook een lamp bij",
        False,
    )

    async with database.write() as tx:
        link = await ideas.confirm_link(tx, idea=comment, now=NOON)
    await visitor.open(link)
    assert "Bankjes op de kade" in visitor.text
    await visitor.press("Ja, dit is van mij")
    assert visitor.path.startswith("/receipts/")
    assert f"Uw aanvulling {comment.number}" in visitor.text
    assert f'<a href="/ideas/{idea.id}">Bankjes op de kade</a>' in visitor.text
    assert "In een thema" not in visitor.text
    receipt = visitor.path

    async with database.write() as tx:
        moderator = await a_moderator(tx)
        waiting = await tx.get_one(Idea, comment.id)
        await decisions.decide(tx, idea=waiting, actor=moderator, outcome=Outcome.PUBLISH, now=NOON)
    await visitor.open(f"/ideas/{comment.id}")
    assert (visitor.path, visitor.page.url.fragment) == (f"/ideas/{idea.id}", f"comment-{comment.id}")
    assert BODY.replace("'", "&#39;") in visitor.text
    assert "<b>Riet</b>" in visitor.text
    await visitor.open(receipt)
    assert "Uw aanvulling staat onder het idee." in visitor.text


async def test_who_is_signed_in_comes_to_the_receipt_and_the_same_form_twice_is_one_comment(
    visitor: Visitor, database: Database, idea: Idea
) -> None:
    async with database.read() as db:
        panel = await db.get_one(Panel, (await db.get_one(Consultation, idea.consultation_id)).panel_id)
    await signed_in(visitor, database, Role.MEMBER, panel)
    await visitor.open(f"/ideas/{idea.id}")
    form = visitor.page
    await visitor.press("Verstuur uw aanvulling", body=BODY)
    first = visitor.path
    visitor.page = form
    await visitor.press("Verstuur uw aanvulling", body=BODY)

    assert first.startswith("/receipts/")
    assert visitor.path == first
    assert (await the_comment(database)).state is IdeaState.RECEIVED


async def test_what_is_missing_is_said_and_nothing_typed_is_lost(visitor: Visitor, idea: Idea) -> None:
    await visitor.open(f"/ideas/{idea.id}")
    await visitor.press("Verstuur uw aanvulling", body=BODY, sender="geen adres", shown_name="Moderator")
    assert visitor.status == 422
    [form] = [one for one in visitor.forms if "body" in one.fields]
    assert form.fields["body"] == [BODY]
    assert form.fields["sender"] == ["geen adres"]
    assert 'id="f-sender-error"' in visitor.text
    assert 'id="f-shown_name-error"' in visitor.text

    await visitor.press("Verstuur uw aanvulling", body="", sender=MAILBOX, shown_name="")
    assert visitor.status == 422
    await visitor.press("Verstuur uw aanvulling", body=BODY)
    assert visitor.path == "/consultations/kade/ideas/sent"


async def test_what_was_begun_as_an_idea_is_carried_to_the_idea_that_is_there(
    visitor: Visitor, database: Database, idea: Idea
) -> None:
    await visitor.open("/consultations/kade/ideas/new")
    [form] = [one for one in visitor.forms if "body" in one.fields]
    form.action = f"/ideas/{idea.id}/comments/begin"  # the button beside the idea that is shown has this formaction
    await visitor._send(form, {"title": "Licht", "body": BODY, "shown_name": "Riet", "email": MAILBOX})
    assert visitor.status == 200
    assert "Bankjes op de kade" in visitor.text
    [form] = [one for one in visitor.forms if "body" in one.fields]
    assert {name: form.fields[name] for name in ("body", "shown_name", "sender")} == {
        "body": [f"Licht\n\n{BODY}"],
        "shown_name": ["Riet"],
        "sender": [MAILBOX],
    }
    async with database.read() as db:
        assert [one.id for one in await db.scalars(select(Idea))] == [idea.id]

    await visitor.press("Verstuur uw aanvulling")
    assert (await the_comment(database)).body == f"Licht\n\n{BODY}"


# where and when


async def test_without_the_switch_there_is_no_thread_and_nothing_is_taken(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        plain = await an_idea(tx, state=IdeaState.PUBLISHED)
    await visitor.open(f"/ideas/{plain.id}")
    assert "Gesprek over dit idee" not in visitor.text
    await visitor.open(f"/ideas/{plain.id}/comments")
    assert visitor.status == 404
    async with database.write() as tx:
        loaded = await tx.get_one(Idea, plain.id)
        await tx.refresh(loaded, ["consultation"])
        with pytest.raises(comments.NotToComment):
            await add(tx, loaded, now=NOON)


async def add(tx: WriteSession, under: Idea, *, now: datetime) -> Idea:
    actor = await a_moderator(tx)
    return await comments.add(tx, actor=actor, under=under, written=Written(body=BODY), email="", now=now)


PLAIN = {OPENS - MOMENT: False, OPENS: True, CLOSES - MOMENT: True, CLOSES: False}
PHASED = {OPENS: False, CLOSES: False, SUPPORTED - MOMENT: False, SUPPORTED: True, DISCUSSED - MOMENT: True}


@pytest.mark.parametrize(("ends", "when"), [({}, PLAIN), (PHASES, PHASED | {DISCUSSED: False})])
async def test_it_can_be_written_while_the_consultation_is_open_or_in_the_phase_of_talking(
    tx: WriteSession, ends: dict[PhaseKind, datetime], when: dict[datetime, bool]
) -> None:
    consultation = await a_round(tx, ends=ends)
    await let_talk(tx, consultation)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    await tx.refresh(idea, ["consultation"])

    for moment, allowed in when.items():
        assert (await comments.talk_under(tx, idea=idea, now=moment)).takes is allowed, moment
        if allowed:
            assert (await add(tx, idea, now=moment)).is_late is False
        else:
            with pytest.raises(comments.NotToComment):
                await add(tx, idea, now=moment)


async def test_not_under_what_is_not_public_nor_under_a_comment_nor_where_it_was_suspended(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    await let_talk(tx, consultation)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    waiting = await an_idea(tx, consultation=consultation)
    merged = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, merged_into_id=idea.id)
    for one in (waiting, merged, await a_comment(tx, under=idea)):
        await tx.refresh(one, ["consultation"])
        with pytest.raises(comments.NotToComment):
            await add(tx, one, now=NOON)
    secretary = await a_person(tx)
    await lifecycle.suspend(tx, consultation=consultation, reason="Storing.", actor_id=secretary.id, now=NOON)
    await tx.refresh(idea, ["consultation"])
    with pytest.raises(comments.NotToComment):
        await add(tx, idea, now=NOON)


async def test_who_is_blocked_reads_that_before_typing_and_adds_nothing(
    visitor: Visitor, database: Database, idea: Idea
) -> None:
    async with database.read() as db:
        panel = await db.get_one(Panel, (await db.get_one(Consultation, idea.consultation_id)).panel_id)
    await signed_in(visitor, database, Role.BLOCKED, panel)
    await visitor.open(f"/ideas/{idea.id}")
    assert [one for one in visitor.forms if "body" in one.fields] == []


# the thread


async def test_a_thread_is_read_oldest_first_twenty_at_a_time(
    visitor: Visitor, database: Database, statements: list[str], idea: Idea
) -> None:
    async with database.write() as tx:
        added = [await a_comment(tx, under=idea, body=f"Aanvulling {number:02}.") for number in range(45)]
        await a_comment(tx, under=idea, state=IdeaState.RECEIVED, body="Nog niet gelezen.")

    def shown() -> list[str]:
        return re.findall(r"Aanvulling \d\d\.", visitor.text)

    whole = [one.body for one in added]
    await visitor.open(f"/ideas/{idea.id}")
    assert shown() == whole[:20]
    assert "20 van 45 getoond" in visitor.text
    await visitor.follow("Volgende")
    assert shown() == whole[20:40]
    statements.clear()
    await visitor.follow("Volgende")
    asked = len(statements)
    assert shown() == whole[40:]
    assert "Nog niet gelezen." not in visitor.text
    await visitor.follow("Naar het begin")
    assert shown() == whole[:20]
    statements.clear()
    await visitor.open(visitor.path)
    assert len(statements) == asked
    for place, address in ((19, f"/ideas/{idea.id}"), (20, f"/ideas/{idea.id}/comments"), (44, visitor.path)):
        await visitor.open(f"/ideas/{added[place].id}")
        assert visitor.path == address
        assert f'id="comment-{added[place].id}"' in visitor.text


async def test_of_what_was_taken_back_or_away_the_place_stays_without_its_words(
    visitor: Visitor, database: Database, idea: Idea
) -> None:
    async with database.write() as tx:
        stays = await a_comment(tx, under=idea, body="Deze blijft.")
        withdrawn = await a_comment(tx, under=idea, body="Geheim een.", shown_name="Geheim twee")
        removed = await a_comment(tx, under=idea, body="Geheim drie.", title="Geheim vier")
        never = await a_comment(tx, under=idea, state=IdeaState.RECEIVED, body="Nooit gelezen.")
        await ideas.withdraw(tx, idea=withdrawn, actor_id=withdrawn.author_id, now=NOON)
        await ideas.withdraw(tx, idea=never, actor_id=never.author_id, now=NOON)
        await move_idea(tx, idea=removed, to=IdeaState.REMOVED, actor_id=None, now=NOON)

    await visitor.open(f"/ideas/{idea.id}")
    places = re.findall(r'id="comment-(\d+)"', visitor.text)
    assert places == [str(one.id) for one in (stays, withdrawn, removed)]
    assert "De inzender heeft die ingetrokken." in visitor.text
    assert "Een moderator heeft die weggehaald." in visitor.text
    assert "Geheim" not in visitor.text
    async with database.read() as db:
        assert (await comment_queries.thread_of(db, idea.id)).total == 1
        told = await db.scalars(
            select(EventRecord.facts).where(EventRecord.name == "idea.comment_gone").order_by(EventRecord.id)
        )
        assert [(one["idea_id"], one["comment_id"]) for one in told] == [
            (idea.id, withdrawn.id),
            (idea.id, removed.id),
        ]


async def test_its_author_changes_it_and_it_goes_from_the_site_until_it_was_read(
    visitor: Visitor, database: Database, idea: Idea
) -> None:
    async with database.write() as tx:
        comment = await a_comment(tx, under=idea, body="Zet er een lmap bij.")
        receipt = await ideas.receipt_link(tx, idea_id=comment.id, now=NOON)
    await visitor.open(f"{receipt}/edit")
    [form] = [one for one in visitor.forms if "body" in one.fields]
    assert not {"title", "place", "kind", "prompt"} & set(form.fields)
    await visitor.press("Stuur de nieuwe tekst in", body="")
    assert visitor.status == 422
    await visitor.press("Stuur de nieuwe tekst in", body="Zet er een lamp bij.")
    assert visitor.path == receipt
    changed = await the_comment(database)
    assert (changed.state, changed.body, changed.title) == (
        IdeaState.RECEIVED,
        "Zet er een lamp bij.",
        "Zet er een lamp bij",
    )
    await visitor.open(f"/ideas/{idea.id}")
    assert "lamp" not in visitor.text
    await visitor.open(f"/ideas/{comment.id}")
    assert visitor.status == 404


async def test_it_can_be_changed_for_a_week_also_after_the_close(tx: WriteSession) -> None:
    idea = await an_idea(tx, state=IdeaState.PUBLISHED)
    comment = await a_comment(tx, under=idea, received_at=CLOSES - timedelta(hours=1))
    await tx.refresh(comment, ["consultation"])
    until = CLOSES - timedelta(hours=1) + rules.EDIT_WITHIN
    assert [await editing.may_edit(tx, idea=comment, now=moment) for moment in (CLOSES, until - MOMENT, until)] == [
        True,
        True,
        False,
    ]


async def test_whoever_erases_their_account_takes_their_own_words_along_and_nobody_elses(
    visitor: Visitor, database: Database, idea: Idea
) -> None:
    async with database.write() as tx:
        leaving, staying = await a_person(tx), await a_person(tx)
        own = await an_idea(tx, consultation=await tx.get_one(Consultation, idea.consultation_id), author=leaving)
        gone = await a_comment(tx, under=idea, author=leaving, title="Geheim een", body="Geheim twee.")
        stays = await a_comment(tx, under=idea, author=staying, body="Deze blijft.")
        await move_idea(tx, idea=own, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)
        title = own.title
        under_own = await a_comment(tx, under=own, author=staying, body="Onder wat verdween.")
        await departures.leave(tx, person_id=leaving.id, by=leaving.id, now=NOON)
        receipt = await ideas.receipt_link(tx, idea_id=under_own.id, now=NOON)

    await visitor.open(f"/ideas/{idea.id}")
    assert re.findall(r'id="comment-(\d+)"', visitor.text) == [str(gone.id), str(stays.id)]
    assert "Geheim" not in visitor.text
    await visitor.open(receipt)
    assert "Onder wat verdween." in visitor.text
    assert title not in visitor.text
    assert "Aanvulling bij een idee dat niet meer op de site staat." in visitor.text
    async with database.read() as db:
        kept = await db.get_one(Idea, gone.id)
        assert (kept.title, kept.body, kept.state) == ("", "", IdeaState.WITHDRAWN)


# moderation


async def test_moderators_see_what_it_is_and_under_which_idea_it_stands(
    visitor: Visitor, database: Database, idea: Idea
) -> None:
    async with database.write() as tx:
        comment = await a_comment(tx, under=idea, state=IdeaState.RECEIVED)
        reported = await a_comment(tx, under=idea, title="Een scheldwoord", body="Een scheldwoord.")
        panel = await tx.get_one(Panel, (await tx.get_one(Consultation, idea.consultation_id)).panel_id)
    await visitor.open(f"/ideas/{reported.id}/report")
    assert "Meld deze aanvulling" in visitor.text
    await visitor.press(
        "Verstuur uw melding", reason="Dit scheldt.", name="Wim", email="wim@voorbeeld.example", good_faith="1"
    )
    assert visitor.status == 200

    await signed_in(visitor, database, Role.MODERATOR, panel)
    await visitor.open("/moderation")
    assert "aanvulling bij ‘Bankjes op de kade’" in visitor.text
    await visitor.follow("En zet er ook een lamp")
    assert f"Aanvulling {comment.number}" in visitor.text
    assert f'<a href="/ideas/{idea.id}">Bankjes op de kade</a>' in visitor.text
    await visitor.open("/moderation?show=reports")
    assert "aanvulling bij ‘Bankjes op de kade’" in visitor.text
    await visitor.follow("Een scheldwoord")
    assert f"Aanvulling {reported.number}" in visitor.text


# beside ideas


async def a_busy_consultation(tx: WriteSession) -> tuple[Consultation, Idea]:
    """A theme, something in no theme, something waiting, and a point on an agenda."""
    panel = await a_panel(tx, slug="panel")
    meeting = await a_meeting(tx, panel=panel)
    consultation = await a_moderated_consultation(tx, slug="kade", panel=panel, meeting=meeting)
    await let_talk(tx, consultation)
    first, second = [
        await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, place="Kade") for _ in range(2)
    ]
    await an_idea(tx, consultation=consultation)
    await a_theme(tx, consultation=consultation, ideas=[first], name="Zitten")
    await a_point(tx, meeting=meeting, ideas=[first])
    return consultation, second


PAGES = (
    *("/", "/consultations/kade", "/consultations/kade/ideas", "/consultations/kade/ideas?q=lamp"),
    *("/consultations/kade/ideas?kind=idea", "/consultations/kade/ideas?sort=support", "/panels/panel"),
    *("/consultations/kade/ideas.csv", "/consultations/kade/ideas.jsonl", "/consultations/kade/map"),
    *("/consultations/kade/themes", "/consultations/kade/themes/rest", "/v1/consultations/kade/themes"),
    *("/v1/consultations/kade", "/v1/consultations/kade/ideas", "/v1/consultations/kade/ledger"),
    *("/desk/themes/kade", "/desk/meetings", "/desk/on-behalf"),
)


async def added_up(db: ReadSession, consultation: Consultation) -> dict[str, Any]:
    """What the machine reads to make themes and to find what is alike, and what is counted."""
    return {
        "themes": (await standing.read(db, consultation_id=consultation.id)).words,
        "alike": await shelves._published(db, consultation.id),
        "places": await ways_queries.places_of(db, consultation.id),
        "sums": await themes.accounting(db, consultation.id),
        "ledger": await queries.ledger(db, consultation.id),
        "unconfirmed": await queries.unconfirmed_since(db, consultation_id=consultation.id, since=OPENS),
    }


async def test_no_list_number_or_file_of_ideas_has_a_comment_in_it(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        consultation, idea = await a_busy_consultation(tx)
        panel = await tx.get_one(Panel, consultation.panel_id)
    await signed_in(visitor, database, Role.SECRETARY, panel)

    async def everything() -> dict[str, str]:
        found: dict[str, str] = {}
        for path in PAGES:
            await visitor.open(path)
            found[path] = f"{visitor.status} {_COUNTED.sub('', _FRESH.sub('', visitor.text))}"
        async with database.read() as db:
            found |= {name: f"200 {told}" for name, told in (await added_up(db, consultation)).items()}
        return found

    before = await everything()
    async with database.write() as tx:
        for state in (*IdeaState,):
            if state is not IdeaState.DRAFT:
                await a_comment(tx, under=idea, state=state)
    after = await everything()

    assert [path for path in before if before[path] != after[path]] == []
    assert [path for path, text in before.items() if not text.startswith("200")] == ["/consultations/kade/map"]


async def test_comments_keep_no_consultation_from_being_processed_or_answered(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, route=IdeaRoute.TAKEN_ALONG)
    for state in (IdeaState.PUBLISHED, IdeaState.RECEIVED, IdeaState.SUBMITTED):
        await a_comment(tx, under=idea, state=state, received_at=CLOSES)
    secretary = await a_person(tx)
    for step in (lifecycle.process, lifecycle.report, lifecycle.answer):
        await step(tx, consultation=consultation, actor_id=secretary.id, now=CLOSES + timedelta(hours=1))
    assert consultation.state is ConsultationState.ANSWERED


async def test_nobody_supports_or_routes_a_comment(tx: WriteSession) -> None:
    idea = await an_idea(tx, state=IdeaState.PUBLISHED)
    comment = await a_comment(tx, under=idea)
    resident = await a_person(tx)
    with pytest.raises(rules.NotToSupport):
        await endorsements.endorse(tx, idea=comment, person_id=resident.id, now=NOON)
    routed = await ideas.route(tx, idea_ids=[comment.id], route=IdeaRoute.IN_THEME, actor_id=None, now=NOON)
    assert routed == []


# what the database holds by itself


def _change(**values: Any) -> Callable[[WriteSession, Idea, Idea], Any]:
    return lambda tx, idea, comment: tx.execute(update(Idea).where(Idea.id == comment.id).values(**values))


async def _under_another_consultation(tx: WriteSession, idea: Idea, comment: Idea) -> None:
    await an_idea(tx, consultation=await a_consultation(tx), under_id=idea.id)


async def _on_an_agenda(tx: WriteSession, idea: Idea, comment: Idea) -> None:
    panel = await a_panel(tx)
    await a_point(tx, meeting=await a_meeting(tx, panel=panel), ideas=[comment])


async def _in_a_theme(tx: WriteSession, idea: Idea, comment: Idea) -> None:
    placed = {"placed_by": PlacedBy.MACHINE, "placed_at": NOON, "consultation_id": comment.consultation_id}
    tx.add(Placement(idea_id=comment.id, **placed))
    await tx.flush()


async def _supported(tx: WriteSession, idea: Idea, comment: Idea) -> None:
    tx.add(Endorsement(idea_id=comment.id, person_id=comment.author_id, endorsed_at=NOON))
    await tx.flush()


BROKEN: dict[str, Callable[[WriteSession, Idea, Idea], Any]] = {
    "under an idea of another consultation": _under_another_consultation,
    "under a comment": lambda tx, idea, comment: a_comment(tx, under=comment),
    "by itself": _change(under_id=None),
    "with a route": _change(route=IdeaRoute.IN_THEME),
    "as an experience": _change(kind=IdeaKind.EXPERIENCE),
    "with support counted": _change(endorsement_count=1),
    "answered": _change(answered_at=NOON),
    "above what it stood under": lambda tx, idea, comment: tx.execute(
        update(Idea).where(Idea.id == idea.id).values(under_id=comment.id)
    ),
    "on an agenda": _on_an_agenda,
    "in a theme": _in_a_theme,
    "supported": _supported,
}


async def test_the_database_lets_a_comment_stand_under_its_idea_and_nowhere_else(database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, state=IdeaState.PUBLISHED)
        comment = await a_comment(tx, under=idea)
    let_through = []
    for where, break_it in BROKEN.items():
        try:
            async with database.write() as tx:
                await break_it(tx, idea, comment)
        except IntegrityError:
            continue
        let_through.append(where)

    assert let_through == []
