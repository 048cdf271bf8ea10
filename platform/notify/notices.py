"""Who hears of which fact, by which letter: a function for each notice, a row for each event.

Every event of the house has a row; the row is empty where nobody needs to hear. Letters are put in the outbox,
never sent from here; `dedup_key` is notice:subject:person, so telling twice queues nothing twice.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import joinedload

from accounts.states import Role
from consultations.models import Idea
from kernel.db import WriteSession
from kernel.events import EventRecord
from moderation.models import Appeal
from notify import (
    answer_appeal_notices,
    answer_notices,
    arrivals,
    before_meetings,
    block_notices,
    comment_notices,
    conversation_notices,
    draft_notices,
    hearers,
    merge_notices,
    news,
    outbox,
    report_notices,
    round_notices,
    second_factor_notices,
    subscriptions,
    theme_news,
)
from notify.states import Cadence
from panels.states import ItemState

Notice = Callable[[WriteSession, EventRecord, datetime], Awaitable[None]]
ON_AGENDA = (ItemState.SCHEDULED, ItemState.IN_DISCUSSION)
ENDED = (ItemState.DISCUSSED, ItemState.KEPT, ItemState.POSTPONED)


async def _author(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The author of the idea; each fact has its own letter, a second return or rejection too."""
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    if hearers.is_imported(idea):
        return
    about = f"{idea.id}:{event.seq}"
    await outbox.put_up(tx, [idea.author_id], letter=letter, about=about, facts={"idea_id": idea.id}, now=now)


async def author_of_a_refused_file(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Whoever put a picture or document with an idea that a moderator does not show; of one that is shown, nobody."""
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    if event.facts["is_shown"] or hearers.is_imported(idea):
        return
    facts = {"idea_id": idea.id, "file_id": event.facts["file_id"]}
    about = f"{facts['file_id']}:{event.seq}"
    await outbox.put_up(tx, [idea.author_id], letter="file_refused", about=about, facts=facts, now=now)


async def whoever_has_to_confirm(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The address that an idea waits for; nobody once it was thrown away unconfirmed."""
    if await tx.get(Idea, event.facts["idea_id"]) is not None:
        await _author("confirm_idea", tx, event, now)


async def whoever_wants_to_endorse(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """The address that the support waits for."""
    facts = {"request_id": event.facts["request_id"]}
    about = str(event.facts["request_id"])
    await outbox.put_up(tx, [event.facts["person_id"]], letter="endorsement_confirm", about=about, facts=facts, now=now)


async def _appellant(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    idea = await tx.get_one(Idea, event.facts["idea_id"])
    facts = {"appeal_id": event.facts["appeal_id"]}
    await outbox.put_up(tx, [idea.author_id], letter=letter, about=str(facts["appeal_id"]), facts=facts, now=now)


async def moderators_who_may_decide(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Every moderator of the panel but the one whose decision it is about."""
    appeal = await tx.get_one(Appeal, event.facts["appeal_id"], options=[joinedload(Appeal.decision)])
    panel_id = await hearers.panel_of_idea(tx, event.facts["idea_id"])
    others = await hearers.in_roles(tx, panel_id=panel_id, wanted=[Role.MODERATOR])
    people = [one for one in others if one != appeal.decision.decided_by_id]
    facts = {"appeal_id": appeal.id}
    await outbox.put_up(tx, people, letter="appeal_waiting", about=str(appeal.id), facts=facts, now=now)


async def _members(letter: str, tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Everybody who sits in the panel."""
    people = await hearers.members(tx, panel_id=event.facts["panel_id"], now=now)
    facts = {"meeting_id": event.facts["meeting_id"]}
    about = f"{facts['meeting_id']}:{event.seq}"
    await outbox.put_up(tx, people, letter=letter, about=about, facts=facts, now=now)


async def members_with_briefing(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Everybody who sits in the panel, and whoever follows it and wants to hear before a meeting; once a meeting."""
    meeting_id = event.facts["meeting_id"]
    people = await hearers.members(tx, panel_id=event.facts["panel_id"], now=now)
    facts = {"meeting_id": meeting_id}
    await outbox.put_up(tx, people, letter="briefing", about=str(meeting_id), facts=facts, now=now)
    followed = await before_meetings.concerned(tx, meeting_id=meeting_id)
    for person_id in sorted({one.person_id for one in followed}):
        await subscriptions.plan(tx, person_id=person_id, period=before_meetings.period_of(meeting_id), due_at=now)


async def _authors(
    letter: str, states: tuple[ItemState, ...], tx: WriteSession, event: EventRecord, now: datetime
) -> None:
    """The authors of the public ideas behind the meeting's points, each in one letter."""
    meeting_id = event.facts["meeting_id"]
    people = await hearers.authors_at(tx, meeting_id=meeting_id, states=states)
    facts = {"meeting_id": meeting_id}
    await outbox.put_up(tx, people, letter=letter, about=str(meeting_id), facts=facts, now=now)


async def followers_at_once(tx: WriteSession, event: EventRecord, now: datetime) -> None:
    """Whoever follows it and wants to hear at once: a digest that closes now."""
    about = await news.concerned(tx, event)
    for person_id in await subscriptions.followers(tx, about=about, cadence=Cadence.AT_ONCE):
        await subscriptions.plan(tx, person_id=person_id, period=f"{Cadence.AT_ONCE}:{event.id}", due_at=now)


NOBODY: tuple[Notice, ...] = ()
NOTICES: dict[str, tuple[Notice, ...]] = {
    **arrivals.ARRIVALS,
    "person.second_factor_set_up": (second_factor_notices.whose_it_is,),
    "person.second_factor_given": NOBODY,
    "person.second_factor_tried": (second_factor_notices.whose_it_is_once_a_day,),
    "person.second_factor_removed": (second_factor_notices.whose_it_is,),
    "person.second_factor_reset": (second_factor_notices.whose_it_is,),
    "person.recovery_codes_made": (second_factor_notices.whose_it_is,),
    "person.recovery_code_used": (second_factor_notices.whose_it_is,),
    "consultation.drafted": NOBODY,
    **dict.fromkeys(("consultation.ways_changed", "consultation.tightened"), NOBODY),
    "consultation.announced": (followers_at_once,),
    "consultation.opened": (followers_at_once,),
    "consultation.closed": (followers_at_once,),
    "consultation.closing_soon": (round_notices.followers_reminded,),
    "consultation.support_opened": (followers_at_once,),
    "consultation.talk_opened": (followers_at_once,),
    "consultation.extended": (partial(round_notices.everybody_concerned, "consultation_extended"),),
    "consultation.suspended": (partial(round_notices.everybody_concerned, "consultation_stopped"),),
    "consultation.resumed": (partial(round_notices.everybody_concerned, "consultation_resumed"),),
    "consultation.cancelled": (partial(round_notices.everybody_concerned, "consultation_stopped"),),
    "consultation.processed": NOBODY,
    "consultation.reported": NOBODY,
    "consultation.answered": NOBODY,
    "consultation.archived": NOBODY,
    "consultation.themes_made": (theme_news.followers_at_once,),
    "draft.link_asked": (draft_notices.whoever_kept_it,),
    "idea.submitted": (whoever_has_to_confirm,),
    "idea.received": (partial(_author, "idea_received"),),
    "idea.published": (partial(_author, "idea_published"), followers_at_once),
    "idea.commented": (comment_notices.author_the_next_morning, followers_at_once),
    "idea.comment_gone": NOBODY,
    "idea.returned": (partial(_author, "idea_returned"),),
    "idea.corrected": NOBODY,
    "idea.revised": NOBODY,
    "idea.edited": NOBODY,
    "idea.held": (partial(_author, "idea_held"),),
    "idea.rejected": (partial(_author, "idea_rejected"),),
    "idea.removed": (partial(_author, "idea_removed"),),
    "idea.withdrawn": NOBODY,
    "idea.imported": NOBODY,
    "idea.entered_on_behalf": NOBODY,
    "idea.receipt_printed": NOBODY,
    "idea.codes_voided": NOBODY,
    "idea.told_on_paper": NOBODY,
    "idea.file_added": NOBODY,
    "idea.file_decided": (author_of_a_refused_file,),
    "idea.file_removed": NOBODY,
    "idea.routed": NOBODY,
    "idea.answered": (partial(_author, "idea_answered"), followers_at_once),
    **merge_notices.merges(followers_at_once),
    "idea.endorsed": NOBODY,
    "idea.endorsement_retracted": NOBODY,
    "idea.endorsement_asked": (whoever_wants_to_endorse,),
    "idea.decision_taken": NOBODY,
    **dict.fromkeys(("idea.decision_planned", "idea.decision_undone", "idea.decision_lapsed"), NOBODY),
    **dict.fromkeys(("idea.claim_changed", "idea.claim_taken_over", "idea.looked_at", "idea.unmasked"), NOBODY),
    "idea.masked": (partial(_author, "idea_masked"),),
    "report.received": (partial(report_notices.reporter, "report_received"),),
    "report.decided": (partial(report_notices.reporter, "report_decided"),),
    "page_report.received": (partial(report_notices.page_reporter, "page_report_received"),),
    "page_report.decided": (partial(report_notices.page_reporter, "page_report_decided"),),
    "appeal.lodged": (partial(_appellant, "appeal_lodged"), moderators_who_may_decide),
    "appeal.decided": (partial(_appellant, "appeal_decided"),),
    **answer_appeal_notices.ANSWER_APPEALS,
    "quarantine.set_apart": NOBODY,
    "quarantine.released": NOBODY,
    "quarantine.kept": NOBODY,
    "block.imposed": (partial(block_notices.whoever_is_blocked, "blocked"),),
    "block.ended": (partial(block_notices.whoever_is_blocked, "block_ended"),),
    "block_appeal.lodged": (
        partial(block_notices.whoever_is_blocked, "block_appeal_lodged"),
        block_notices.moderators_who_did_not_block,
    ),
    "block_appeal.decided": (partial(block_notices.whoever_is_blocked, "block_appeal_decided"),),
    **conversation_notices.CONVERSATIONS,
    "theme.renamed": NOBODY,
    "theme.merged": (theme_news.followers_go_along, theme_news.followers_at_once),
    "theme.split": (theme_news.followers_at_once,),
    "theme.locked": NOBODY,
    "theme.unlocked": NOBODY,
    "theme.dissolved": NOBODY,
    "theme.idea_moved": (theme_news.followers_at_once,),
    "meeting.convened": (partial(_members, "meeting_convened"),),
    "meeting.rescheduled": (partial(_members, "meeting_moved"), followers_at_once),
    "meeting.cancelled": (partial(_members, "meeting_cancelled"), followers_at_once),
    "meeting.agenda_opened": NOBODY,
    "meeting.agenda_frozen": NOBODY,
    "meeting.agenda_published": (
        partial(_members, "agenda_published"),
        partial(_authors, "on_the_agenda", ON_AGENDA),
        followers_at_once,
    ),
    "meeting.briefing_made": (members_with_briefing,),
    "meeting.held": NOBODY,
    "meeting.minutes_drafted": NOBODY,
    "meeting.minutes_adopted": NOBODY,
    "meeting.minutes_published": (partial(_authors, "idea_discussed", ENDED), followers_at_once),
    "agenda_item.added": NOBODY,
    "agenda_item.changed": NOBODY,
    "agenda_item.declined": NOBODY,
    "agenda_item.withdrawn": NOBODY,
    "agenda_item.discussed": NOBODY,
    "agenda_item.kept": NOBODY,
    "agenda_item.postponed": NOBODY,
    "recommendation.drafted": NOBODY,
    "recommendation.reworded": NOBODY,
    "recommendation.wording_fixed": NOBODY,
    "recommendation.voted": NOBODY,
    "recommendation.adopted": NOBODY,
    "recommendation.not_adopted": NOBODY,
    "recommendation.submitted": (answer_notices.commissioner_who_owes_an_answer, followers_at_once),
    "response.given": (followers_at_once,),
    "response.reminded": (answer_notices.commissioner_reminded,),
    "response.became_overdue": (answer_notices.commissioner_and_chair, followers_at_once),
    "response.progress_reported": (followers_at_once,),
}
