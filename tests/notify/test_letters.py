"""Every letter, written from real rows in both languages, and what must never get into one."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts import addresses, roles, sign_in
from accounts.models import AddressChange, Person, SecondFactorReset
from accounts.states import Role
from consultations import endorsements, merging, splitting
from consultations.masking import Cut
from consultations.models import Idea
from consultations.signals import Omission
from consultations.states import IdeaRoute, IdeaState
from consultations.writing_models import KeptDraft
from kernel.db import Database, WriteSession
from kernel.events import EventRecord
from klankbord.worker import Worker
from moderation import appeals, decisions, masking, page_reports, reports
from moderation.states import AppealState, Outcome, ReportState
from notify import letters, outbox, subscriptions
from notify.letters import LETTERS, header_safe
from notify.models import Digest, Message
from notify.states import MessageState, Topic
from notify.transport import Memory
from panels import briefings
from panels.states import ItemState, MeetingState, ResponseState
from tests.builders import a_comment, a_moderator, a_person, an_idea, put
from tests.moments import NOON
from tests.notify.answer_scenes import ANSWER_LETTERS, about_an_answer
from tests.notify.block_scenes import BLOCK_LETTERS, about_a_block
from tests.notify.conversation_scenes import CONVERSATION_LETTERS, about_a_conversation
from tests.notify.files import a_file
from tests.notify.round_scenes import ROUND_LETTERS, about_a_round
from tests.notify.stories import AMSTERDAM, Story, a_follower, a_story

Given = tuple[Person, dict[str, Any]]
SCENES: dict[str, Callable[[WriteSession, Story], Awaitable[Given]]] = {}


def scene(*names: str) -> Callable[[Any], Any]:
    """Set the rows up so that these letters are true."""

    def keep(set_up: Any) -> Any:
        for name in names:
            SCENES[name] = partial(set_up, name=name)
        return set_up

    return keep


@scene("sign_in_link")
async def _sign_in(tx: WriteSession, story: Story, name: str) -> Given:
    request = await sign_in.open_request(tx, person=story.author, browser="b", next_path="/", now=NOON)
    return story.author, {"request_id": request.id}


@scene("address_confirm", "address_taken", "address_changed", "address_given")
async def _address(tx: WriteSession, story: Story, name: str) -> Given:
    person, actor = story.author, await roles.actor_for(tx, person=story.author)
    if name == "address_confirm":
        await addresses.ask(tx, actor=actor, email=f"{name.replace('_', '.')}@x.example", secret="geheim", now=NOON)
        change = (await tx.scalars(select(AddressChange).where(AddressChange.person_id == person.id))).one()
    else:
        why, other = "Mailbox kwijt; kwam langs aan de balie.", await a_person(tx, role=Role.OPERATOR)
        change = await addresses.change_for(
            tx, person=person, by=other.id, email=f"{name.replace('_', '.')}@x.example", reason=why, now=NOON
        )
    return person, {"change_id": change.id}


@scene("roles_changed")
async def _roles(tx: WriteSession, story: Story, name: str) -> Given:
    begun = await tx.scalar(select(func.max(EventRecord.id)))
    await roles.grant(tx, person=story.author, role=Role.MEMBER, panel_id=story.consultation.panel_id, now=NOON)
    await roles.grant(tx, person=story.author, role=Role.AUDITOR, now=NOON)
    return story.author, {"event_id": (begun or 0) + 1}


@scene("second_factor")
async def _second_factor(tx: WriteSession, story: Story, name: str) -> Given:
    reset = SecondFactorReset(person_id=story.author.id, by_id=None, reason="Telefoon kwijt.", at=NOON)
    tx.add(reset)
    await tx.flush()
    return story.author, {"what": "second_factor_reset", "reset_id": reset.id}


@scene("account_goes")
async def _inactive(tx: WriteSession, story: Story, name: str) -> Given:
    story.author.warned_at = NOON
    return story.author, {}


@scene("confirm_idea", "idea_received", "idea_published", "idea_answered")
async def _idea(tx: WriteSession, story: Story, name: str) -> Given:
    await put(tx, story.idea, {"confirm_idea": IdeaState.SUBMITTED}.get(name, IdeaState.PUBLISHED))
    if name == "idea_answered":
        story.idea.answered_at = NOON
        story.response.reasons, story.response.owner = "Dit past bij het plan.", "Afdeling Groen"
        story.response.done_by, story.response.answered_at = NOON.date(), NOON
        await put(tx, story.response, ResponseState.ACCEPTED)
    return story.author, {"idea_id": story.idea.id}


@scene("idea_merged", "idea_took_in", "idea_parted")
async def _merged(tx: WriteSession, story: Story, name: str) -> Given:
    other = await an_idea(tx, consultation=story.consultation, state=IdeaState.PUBLISHED)
    idea, into = (story.idea, other) if name != "idea_took_in" else (other, story.idea)
    await put(tx, story.idea, IdeaState.PUBLISHED)
    by = (await a_person(tx)).id
    idea.route = IdeaRoute.UNROUTED
    await tx.flush()
    merge = await merging.merge(tx, idea=idea, into=into, reason="Beide gaan over bankjes.", actor_id=by, now=NOON)
    if name == "idea_parted":
        await merging.undo(tx, merge=merge, actor_id=by, now=NOON)
    return story.author, {"idea_id": story.idea.id, "merge_id": merge.id, "merged_id": other.id}


@scene("idea_split_up", "idea_made_whole")
async def _split(tx: WriteSession, story: Story, name: str) -> Given:
    by, words = (await a_person(tx)).id, "Zet bankjes neer. Maak het plein groener."
    whole = await an_idea(
        tx, consultation=story.consultation, author=story.author, state=IdeaState.PUBLISHED, body=words
    )
    why = "Er staan twee ideeën in."
    made = await splitting.split(tx, idea=whole, shares=[[0], [1]], reason=why, actor_id=by, now=NOON)
    if name == "idea_made_whole":
        await splitting.undo(tx, made=made, actor_id=by, now=NOON)
    return story.author, {"idea_id": whole.id, "split_id": made.id}


@scene("idea_commented")
async def _commented(tx: WriteSession, story: Story, name: str) -> Given:
    await a_comment(tx, under=story.idea)
    return story.author, {"idea_id": story.idea.id}


@scene("draft_link", "draft_unfinished", "draft_going")
async def _draft(tx: WriteSession, story: Story, name: str) -> Given:
    kept_at = NOON - timedelta(days=84) if name == "draft_going" else NOON
    begun = {"fields": {"body": "Zet bankjes"}, "created_at": kept_at, "kept_at": kept_at}
    draft = KeptDraft(consultation=story.consultation, person=story.author, **begun)
    tx.add(draft)
    await tx.flush()
    return story.author, {"draft_id": draft.id, "consultation_id": story.consultation.id}


@scene("idea_returned", "idea_rejected", "idea_removed", "idea_held")
async def _decided(tx: WriteSession, story: Story, name: str) -> Given:
    if name != "idea_removed":
        await put(tx, story.idea, IdeaState.RECEIVED)
    outcome = {
        "idea_returned": Outcome.RETURN,
        "idea_rejected": Outcome.REJECT,
        "idea_removed": Outcome.REMOVE,
        "idea_held": Outcome.HOLD,
    }[name]
    moderator = await a_moderator(tx)
    await decisions.decide(
        tx,
        idea=story.idea,
        actor=moderator,
        outcome=outcome,
        ground_code="commercial",
        explanation="Er staat reclame in.",
        now=NOON,
    )
    return story.author, {"idea_id": story.idea.id}


@scene("idea_masked")
async def _masked(tx: WriteSession, story: Story, name: str) -> Given:
    await put(tx, story.idea, IdeaState.RECEIVED)
    cuts = [Cut("body", 0, 3, Omission.NAME)]
    why: dict[str, Any] = {"ground_code": "personal_data", "explanation": "Er stond een naam in."}
    await masking.mask(tx, idea=story.idea, actor=await a_moderator(tx), cuts=cuts, **why, now=NOON)
    return story.author, {"idea_id": story.idea.id}


@scene("file_refused")
async def _file(tx: WriteSession, story: Story, name: str) -> Given:
    file = await a_file(tx, idea=story.idea, reason="Er staat een kenteken op.")
    return story.author, {"idea_id": story.idea.id, "file_id": file.id}


@scene("work_waiting")
async def _work(tx: WriteSession, story: Story, name: str) -> Given:
    moderator = await a_person(tx, role=Role.MODERATOR, name="Mo")
    await an_idea(tx, consultation=story.consultation)
    return moderator, {}


@scene("page_report_received", "page_report_decided")
async def _page_report(tx: WriteSession, story: Story, name: str) -> Given:
    about: dict[str, Any] = {"address": "/panels", "panel_id": None, "reason": "Dit klopt niet."}
    report = await page_reports.receive(tx, **about, email="m@x.example", now=NOON)
    if name == "page_report_decided":
        verdict: dict[str, Any] = {"verdict": ReportState.UPHELD, "answer": "U hebt gelijk."}
        await page_reports.answer(tx, report=report, actor=await a_moderator(tx), **verdict, now=NOON)
    return await tx.get_one(Person, report.reporter_id), {"page_report_id": report.id}


@scene("report_received", "report_decided")
async def _report(tx: WriteSession, story: Story, name: str) -> Given:
    report = await reports.receive(tx, idea=story.idea, reason="Dit hoort hier niet.", email="m@x.example", now=NOON)
    if name == "report_decided":
        await reports.dismiss(tx, report=report, actor=await a_moderator(tx), answer="Dit mag er staan.", now=NOON)
    return await tx.get_one(Person, report.reporter_id), {"report_id": report.id}


@scene("appeal_lodged", "appeal_decided", "appeal_waiting")
async def _appeal(tx: WriteSession, story: Story, name: str) -> Given:
    await _decided(tx, story, "idea_rejected")
    appeal = await appeals.lodge(tx, idea=story.idea, reason="Het is geen reclame.", zone=AMSTERDAM, now=NOON)
    other = await a_person(tx, role=Role.MODERATOR)
    if name == "appeal_decided":
        actor = await roles.actor_for(tx, person=other)
        verdict = AppealState.REINSTATED
        await appeals.decide(tx, appeal=appeal, actor=actor, verdict=verdict, answer="U hebt gelijk.", now=NOON)
    return (other if name == "appeal_waiting" else story.author), {"appeal_id": appeal.id}


scene(*BLOCK_LETTERS)(about_a_block)
scene(*ANSWER_LETTERS)(about_an_answer)
scene(*ROUND_LETTERS)(about_a_round)
scene(*CONVERSATION_LETTERS)(about_a_conversation)


@scene("endorsement_confirm")
async def _endorse(tx: WriteSession, story: Story, name: str) -> Given:
    request = await endorsements.ask(tx, idea=story.idea, email="steun@x.example", language="nl", now=NOON)
    return await tx.get_one(Person, request.person_id), {"request_id": request.id}


@scene("follow_confirm")
async def _follow(tx: WriteSession, story: Story, name: str) -> Given:
    chosen = {"topic": "consultation", "topic_id": story.consultation.id, "cadence": "daily", "hour": 8, "weekday": 0}
    return await a_person(tx, confirmed_at=None), chosen


@scene(
    "meeting_convened",
    "meeting_moved",
    "meeting_cancelled",
    "agenda_published",
    "briefing",
    "on_the_agenda",
    "idea_discussed",
)
async def _meeting(tx: WriteSession, story: Story, name: str) -> Given:
    story.meeting.reason = "De zaal was bezet."
    if name == "briefing":
        await briefings.make(tx, meeting=story.meeting, now=NOON)
    if name == "meeting_cancelled":
        await put(tx, story.meeting, MeetingState.CANCELLED)
    if name == "idea_discussed":
        await put(tx, story.meeting, MeetingState.MINUTES_PUBLISHED)
        story.meeting.minutes_published_at = NOON
        await put(tx, story.point, ItemState.DISCUSSED)
        story.point.what_was_said, story.point.advice = "Veel leden zijn voor.", "Begin bij de sluis."
    return story.author, {"meeting_id": story.meeting.id}


@scene("response_due", "response_overdue")
async def _response(tx: WriteSession, story: Story, name: str) -> Given:
    return await a_person(tx, role=Role.COMMISSIONER), {"response_id": story.response.id}


@scene("digest")
async def _digest(tx: WriteSession, story: Story, name: str) -> Given:
    subscription = await a_follower(tx, story.consultation)
    return await tx.get_one(Person, subscription.person_id), {}


async def _digest_of(tx: WriteSession, story: Story, person: Person) -> int:
    row = {
        "kind": "idea.published",
        "title": story.idea.title,
        "path": f"/ideas/{story.idea.id}",
        "about": story.consultation.title,
        "idea_id": story.idea.id,
    }
    digest = Digest(person_id=person.id, period="x", news=[row, {"kind": "idea.published", "more": 3}], made_at=NOON)
    tx.add(digest)
    await tx.flush()
    return digest.id


async def written(
    tx: WriteSession, worker: Worker, name: str, *, language: str = "nl", key: str = "", **given: Any
) -> EmailMessage:
    """The letter of a scene."""
    story = await a_story(tx, **given)
    person, facts = await SCENES[name](tx, story)
    person.language = language
    await tx.flush()
    digest_id = await _digest_of(tx, story, person) if name == "digest" else None
    key = outbox.fixed_part(key) if key else name
    await outbox.enqueue(
        tx, dedup_key=key, person_id=person.id, template=name, due_at=NOON, facts=facts, digest_id=digest_id, now=NOON
    )
    message = (await tx.scalars(select(Message).where(Message.dedup_key == key))).one()
    return await letters.write(tx, message=message, environment=worker.environment, settings=worker.settings, now=NOON)


def text_of(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def test_every_letter_has_its_scene() -> None:
    assert set(SCENES) == set(LETTERS)


def check_headers(letter: EmailMessage, name: str) -> None:
    """One mailbox, and the headers that this kind of letter needs."""
    kind = LETTERS[name]
    assert len(letter["To"].addresses) == 1
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == f"<{outbox.fixed_part(name)}@waterveen.example>"
    assert letter["Date"].datetime == NOON
    assert (letter["List-Unsubscribe"] is not None) == (kind.stops is not None)
    assert letter["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if kind.stops else None)
    assert letter["List-Id"] == ("<digest.panel.test>" if kind.is_list else None)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", sorted(LETTERS))
async def test_a_letter_says_the_same_in_text_and_html(
    tx: WriteSession, worker: Worker, name: str, language: str
) -> None:
    letter = await written(tx, worker, name, language=language)

    check_headers(letter, name)
    html = text_of(letter, "html")
    main = html[html.index('<div class="sheet">') : html.index('<div class="foot">')]
    main = re.sub(r'<li value="(\d+)">', r"<li>\1. ", main)  # a mailbox shows the number
    links = re.findall(r'href="([^"]+)"', main)
    plain = text_of(letter, "plain")
    without_links = plain.partition("\n--\n")[0]
    for link in sorted(map(unescape, links), key=len, reverse=True):
        assert link in without_links
        without_links = without_links.replace(link, " ")
    assert words_of(unescape(re.sub(r"<[^>]+>", " ", main))) == words_of(without_links)
    assert f'<html lang="{language}">' in html
    assert "{" not in plain
    assert "None" not in plain


@pytest.mark.parametrize("name", ["idea_rejected", "idea_removed", "idea_held"])
async def test_the_author_is_led_to_the_decision_and_to_an_appeal(tx: WriteSession, worker: Worker, name: str) -> None:
    plain = text_of(await written(tx, worker, name), "plain")

    assert re.search(r"/receipts/\S+/decision\n", plain)
    assert re.search(r"/receipts/\S+/appeal\n", plain)


async def test_a_moderator_is_led_to_the_appeal_itself(tx: WriteSession, worker: Worker) -> None:
    plain = text_of(await written(tx, worker, "appeal_waiting"), "plain")

    assert "http://panel.test/moderation/appeals/1\n" in plain


HOSTILE = [
    "Bankjes\r\nBcc: evil@x.example",
    "Bankjes\u2028Bcc: evil@x.example",
    "Bankjes\u0085X: y\x0bZ: q\x0c",
    "=?utf-8?q?Bcc=3A_evil?=",
    "\u202egnirts\u202c <script>alert(1)</script>",
    '"a@b.nl, evil@x.example"',
    "ﷺ" * 100 + "🪑" * 100,
    "%(x)s %s {{ 7*7 }} {% raw %}",
    "\x00\x1b[31m",
    "x" * 5000,
]


def kept(title: str) -> str:
    """As much of a title as its column can hold; PostgreSQL knows no NUL in a text."""
    return title.replace("\x00", "")[: Idea.title.type.length]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_line_stays_one_header(title: str) -> None:
    letter = EmailMessage()
    letter["Subject"] = header_safe(title)

    assert letter.keys() == ["Subject"]
    assert len([line for line in letter.as_bytes().splitlines() if line[:1] not in {b" ", b"", b"\t"}]) == 1


@pytest.mark.parametrize("name", ["idea_published", "digest", "on_the_agenda"])
async def test_a_hostile_title_stops_no_letter_and_adds_no_header(tx: WriteSession, worker: Worker, name: str) -> None:
    kind = LETTERS[name]
    stops = ["List-Unsubscribe", "List-Unsubscribe-Post"] if kind.stops else []
    always = ["Message-ID", "From", "To", "Subject", "Date", "Auto-Submitted"]
    its_own = ["List-Id"] if kind.is_list else []
    for title in map(kept, HOSTILE):
        letter = await written(tx, worker, name, key=title, title=title)

        assert letter.keys() == [*always, *stops, *its_own, "MIME-Version", "Content-Type"]
        assert [one.domain for one in letter["To"].addresses] == ["waterveen.example"]
        assert "<script" not in text_of(letter, "html")
        assert letter.as_bytes()


@pytest.mark.parametrize("name", ["idea_published", "idea_received", "idea_answered", "on_the_agenda"])
async def test_a_withdrawn_idea_is_not_written_about(
    database: Database, worker: Worker, post: Memory, name: str
) -> None:
    async with database.write() as tx:
        story = await a_story(tx)
        person, facts = await SCENES[name](tx, story)
        await put(tx, story.idea, IdeaState.WITHDRAWN)
        await outbox.enqueue(tx, dedup_key=name, person_id=person.id, template=name, due_at=NOON, facts=facts, now=NOON)

    await worker.turn(NOON)

    assert post.letters == []
    async with database.read() as db:
        message = (await db.scalars(select(Message))).one()
    assert (message.state, message.last_error) == (MessageState.SUPPRESSED, "no longer true")


ASKED: dict[str, Any] = {"browser": "b", "next_path": "/", "network": "192.0.2.1", "secret": "geheim"}


async def test_an_unconfirmed_address_gets_three_letters_a_day(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        person = await a_person(tx, confirmed_at=None)
        for _ in range(5):
            await sign_in.ask(tx, email=person.email, **ASKED, now=NOON)
    await worker.turn(NOON)
    assert len(post.letters) == 3

    async with database.write() as tx:
        await sign_in.ask(tx, email=person.email, **ASKED, now=NOON + timedelta(days=1, hours=1))
    await worker.turn(NOON + timedelta(days=1, hours=1))
    assert len(post.letters) == 4


async def test_a_letter_that_cannot_be_written_does_not_stop_the_others(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        story = await a_story(tx)
        await outbox.enqueue(
            tx, dedup_key="broken", person_id=story.author.id, template="idea_published", due_at=NOON, now=NOON
        )
        for number in range(7):
            await outbox.enqueue(
                tx,
                dedup_key=f"whole:{number}",
                person_id=story.author.id,
                template="idea_published",
                due_at=NOON,
                facts={"idea_id": story.idea.id},
                now=NOON,
            )

    await worker.turn(NOON)

    assert len(post.letters) == 7
    assert worker.last_error.startswith("letter idea_published")
    async with database.read() as db:
        broken = (await db.scalars(select(Message).where(Message.dedup_key == "broken"))).one()
    assert (broken.state, broken.due_at) == (MessageState.DEFERRED, NOON + timedelta(minutes=1))


async def test_nobody_who_stopped_hearing_of_their_own_ideas_is_written_to(
    database: Database, worker: Worker, post: Memory
) -> None:
    async with database.write() as tx:
        story = await a_story(tx)
        person, facts = await SCENES["on_the_agenda"](tx, story)
        await subscriptions.silence(tx, person_id=person.id, topic=Topic.IDEA, now=NOON)
        await outbox.enqueue(
            tx, dedup_key="x", person_id=person.id, template="on_the_agenda", due_at=NOON, facts=facts, now=NOON
        )

    await worker.turn(NOON)

    assert post.letters == []
