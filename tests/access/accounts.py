"""What people have of their own: sessions, addresses on their way, support given, blocks."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from accounts import addresses, people
from accounts.models import AddressChange, Person, SessionRecord
from consultations import kept_drafts
from consultations.models import Consultation, Endorsement, Idea
from consultations.states import QuarantineState
from consultations.support_models import Quarantine
from consultations.writing_models import KeptDraft
from kernel.db import WriteSession
from kernel.settings import Settings
from moderation import answer_appeals, blocks
from moderation.answer_models import AnswerAppeal
from moderation.models import Block, BlockAppeal, PageReport
from moderation.states import Conduct, ReportState
from tests.access.marks import mark
from tests.access.people import Somebody
from tests.builders import a_person, put
from tests.moments import NOON

Things = dict[str, dict[str, Any]]


async def build(tx: WriteSession, things: Things, people: dict[str, Somebody], *, settings: Settings) -> None:
    """Put it all there."""
    author = await tx.get_one(Person, people["author"].person_id)
    session = await tx.scalar(select(SessionRecord.id).where(SessionRecord.person_id == author.id))
    things["session:authors"] = {"session_id": session}
    asked = await _a_change(tx, author, "address:asked")
    link, _code = await addresses.issue(tx, change=asked, secret=settings.secret, now=NOON)
    things["link:address"] = {"secret": link.rpartition("/")[2]}
    made = await _a_change(tx, author, "address:made")
    made.made_at = NOON
    put_back = await addresses.put_back_link(tx, change=made, now=NOON)
    things["link:put-back"] = {"secret": put_back.rpartition("/")[2]}
    things["person:author"] = {"person_id": author.id}
    things["factor:owed"] = {"person_id": people["owes"].person_id}
    await _draft(tx, things, author)
    await _support(tx, things, people)
    await _set_apart(tx, things)
    await _blocks(tx, things, people)
    await _answers(tx, things, people)


async def _draft(tx: WriteSession, things: Things, author: Person) -> None:
    """What the author began and did not send in, and the link in the letter about it."""
    draft = KeptDraft(
        consultation=await tx.get_one(Consultation, things["consultation:open"]["consultation_id"]),
        person=author,
        fields={"body": f"Zet bankjes neer, want {mark('draft:authors')}"},
        created_at=NOON,
        kept_at=NOON,
        opened_at=NOON,
    )
    tx.add(draft)
    await tx.flush()
    things["draft:authors"] = {"draft_id": draft.id}
    link = await kept_drafts.link(tx, draft=draft, now=NOON)
    things["link:draft"] = {"secret": link.rpartition("/")[2]}


async def _a_change(tx: WriteSession, person: Person, word: str) -> AddressChange:
    email = f"{mark(word)}@waterveen.example"
    change = AddressChange(
        person_id=person.id,
        by_id=person.id,
        reason="",
        old_email=person.email,
        old_mailbox=person.mailbox,
        new_email=email,
        new_mailbox=people.mailbox_of(email),
        wrong_codes=0,
        asked_at=NOON,
    )
    tx.add(change)
    await tx.flush()
    return change


async def _support(tx: WriteSession, things: Things, people: dict[str, Somebody]) -> None:
    for word, idea in (("ours", "published"), ("elsewhere", "elsewhere")):
        given = Endorsement(
            idea_id=things[f"idea:{idea}"]["idea_id"], person_id=people["resident"].person_id, endorsed_at=NOON
        )
        tx.add(given)
        (await tx.get_one(Idea, given.idea_id)).endorsement_count = 1
        await tx.flush()
        things[f"support:{word}"] = {"endorsement_id": given.id}


async def _set_apart(tx: WriteSession, things: Things) -> None:
    """Support from one network that waits for a look, in a consultation of each panel."""
    for word, of in (("ours", "consultation:open"), ("elsewhere", "consultation:elsewhere")):
        case = Quarantine(
            consultation_id=things[of]["consultation_id"],
            network=None,
            name=f"A7{len(word)}",
            number=1,
            state=QuarantineState.COUNTED,
            signs={},
            opened_at=NOON,
        )
        tx.add(case)
        await tx.flush()
        await put(tx, case, QuarantineState.APART)
        things[f"network:{word}"] = {"quarantine_id": case.id}


async def _answers(tx: WriteSession, things: Things, people: dict[str, Somebody]) -> None:
    """Answers to reports of pages, with an appeal and without; the moderator for all panels gave none of them."""
    for word, of, by in (
        ("elsewhere", "consultation:elsewhere", "secretary2"),
        ("ours", "consultation:open", "moderator2"),
        ("free", "consultation:open", "moderator2"),
    ):
        consultation = await tx.get_one(Consultation, things[of]["consultation_id"])
        told = {"answer": "Dit mag.", "reported_at": NOON, "decided_at": NOON, "decided_by_id": people[by].person_id}
        report = PageReport(address="/panels", panel_id=consultation.panel_id, reason=mark(f"answer:{word}"), **told)
        report.state = ReportState.DISMISSED
        tx.add(report)
        await tx.flush()
        link = await answer_appeals.link(tx, subject=f"page_report:{report.id}", now=NOON)
        things[f"letter:answer-{word}"] = {"secret": link.rpartition("/")[2]}
        if word == "free":
            continue
        appeal = AnswerAppeal(page_report_id=report.id, answered_at=NOON, answered_by_id=people[by].person_id)
        appeal.reason, appeal.lodged_at, appeal.due_at = "Lees het eens.", NOON, NOON + timedelta(days=10)
        tx.add(appeal)
        await tx.flush()
        things[f"answer:{word}"] = {"answer_appeal_id": appeal.id}


async def _blocks(tx: WriteSession, things: Things, people: dict[str, Somebody]) -> None:
    """One for each panel; the moderator for all panels took neither decision."""
    first, second = people["moderator2"].person_id, people["secretary2"].person_id
    other = await a_person(tx)
    for word, of, whose, by in (
        ("elsewhere", "consultation:elsewhere", other.id, second),
        ("ours", "consultation:open", people["blocked"].person_id, first),
    ):
        block = Block(
            person_id=whose,
            number=1,
            consultation_id=things[of]["consultation_id"],
            ground=Conduct.UNFOUNDED_REPORTS,
            explanation=mark(f"block:{word}"),
            blocked_at=NOON - timedelta(days=1),
            blocked_by_id=by,
            until=NOON + timedelta(days=30),
        )
        tx.add(block)
        await tx.flush()
        things[f"block:{word}"] = {"block_id": block.id}
        letter = await blocks.link(tx, block_id=block.id, now=NOON)
        things[f"letter:block-{word}"] = {"secret": letter.rpartition("/")[2]}
    appeal = BlockAppeal(
        block_id=things["block:ours"]["block_id"],
        reason=mark("block-appeal:ours"),
        lodged_at=NOON,
        due_at=NOON + timedelta(days=10),
    )
    tx.add(appeal)
    await tx.flush()
