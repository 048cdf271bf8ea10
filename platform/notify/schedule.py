"""What is done because time passes. The only schedule in the house: rows say when, a tick looks.

The worker asks every job, each second or each minute; what is due is decided by dates in tables, never by a job
having run, so one that is late, doubled or missed changes nothing but the moment.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts import sessions
from consultations import leaving, lifecycle, moments, quarantine
from moderation import blocks, plans
from notify import digests, occurrences, work_letters
from notify.clearing import CLEARING
from notify.draft_notices import GOING, UNFINISHED
from notify.jobs import A_MINUTE
from notify.jobs import Job as Job
from notify.jobs import Turn as Turn
from notify.occurrences import Claimed
from notify.slots import Rule, slot
from panels import briefings, responses
from panels.models import Meeting
from panels.report_models import Briefing
from panels.states import MeetingState

BRIEFING = "briefing"
DIGEST = "digest"
BRIEFED_AT = Rule(hour=9)
STILL_TO_COME = (
    MeetingState.CONVENED,
    MeetingState.AGENDA_OPEN,
    MeetingState.AGENDA_FROZEN,
    MeetingState.AGENDA_PUBLISHED,
)
LONGEST_AHEAD = timedelta(days=61)


async def _boundaries(turn: Turn) -> int:
    return await lifecycle.record_boundaries(turn.tx, now=turn.now)


async def _moments(turn: Turn) -> int:
    phases = await moments.record_phases(turn.tx, now=turn.now)
    return phases + await moments.record_last_days(turn.tx, now=turn.now)


async def _overdue(turn: Turn) -> int:
    return await responses.record_overdue(turn.tx, now=turn.now)


async def _reminders(turn: Turn) -> int:
    return await responses.record_reminders(turn.tx, now=turn.now)


async def _unconfirmed(turn: Turn) -> int:
    return await leaving.discard_unconfirmed(turn.tx, now=turn.now)


async def _support(turn: Turn) -> int:
    return await quarantine.judge_news(turn.tx, now=turn.now)


async def _lapsed_blocks(turn: Turn) -> int:
    return await blocks.record_lapsed(turn.tx, now=turn.now)


async def _decisions(turn: Turn) -> int:
    return await plans.carry_out_due(turn.tx, now=turn.now)


async def _used_sessions(turn: Turn) -> int:
    return await sessions.write_use(turn.tx)


async def plan_briefings(turn: Turn) -> int:
    """Plan the briefing of each meeting whose hour has come; a meeting that was moved gets its new hour."""
    soon = (
        select(Meeting)
        .outerjoin(Briefing, Briefing.meeting_id == Meeting.id)
        .where(Meeting.state.in_(STILL_TO_COME), Briefing.id.is_(None))
        .where(Meeting.starts_at > turn.now, Meeting.starts_at <= turn.now + LONGEST_AHEAD)
        .options(joinedload(Meeting.panel))
    )
    planned = 0
    for meeting in await turn.tx.scalars(soon):
        day = meeting.starts_at.astimezone(turn.settings.zone).date() - timedelta(days=meeting.panel.briefing_days)
        due = slot(BRIEFED_AT, turn.settings.zone, day)
        if due.at <= turn.now:
            planned += await occurrences.plan(
                turn.tx, kind=BRIEFING, subject=f"meeting:{meeting.id}", local_slot=due.local, due_at=due.at
            )
    return planned


JOBS: tuple[Job, ...] = (
    Job(
        name="consultation boundaries",
        when="each second: a consultation's opens_at or closes_at has passed",
        run=_boundaries,
        why_then="Followers hear that it opened or closed; in time or late was decided at receipt, without this.",
    ),
    Job(
        name="phases and last days",
        when="each second: a phase began; three days before a close (or halfway, in a period shorter than six)",
        run=_moments,
        why_then="Followers hear of a phase as it begins, and of a close while there is a weekend or an evening left.",
    ),
    Job(
        name="overdue responses",
        when="each minute: a response's due_at has passed",
        run=_overdue,
        why_then="The commissioner and the chair hear of it; the pages show it by the clock, without this.",
        every=A_MINUTE,
    ),
    Job(
        name="response reminders",
        when="each minute: 60, 30 or 7 days before a response's due_at",
        run=_reminders,
        why_then="Two months leave room for a council meeting, a week for a signature.",
        every=A_MINUTE,
    ),
    Job(
        name="briefings",
        when="09.00 local time, the panel's briefing_days before the meeting",
        run=plan_briefings,
        why_then="Members can read in a weekend; the agenda has been public for two days.",
    ),
    Job(
        name="unconfirmed ideas",
        when="each minute: 48 hours after an idea was sent in by an address that nobody confirmed",
        run=_unconfirmed,
        why_then="Its letter promised that it would be thrown away; the link in it no longer works either.",
        every=A_MINUTE,
    ),
    Job(
        name="support from one network",
        when="each minute: support came in since the networks of a consultation were last compared",
        run=_support,
        why_then="Faked support counts for a minute at most; comparing all networks at every one would cost too much.",
    ),
    Job(
        name="decisions of moderators",
        when="each second: a moderator's decision can no longer be undone",
        run=_decisions,
        why_then="Until then a mistake costs nobody a letter; a minute later would help nobody.",
    ),
    Job(
        name="lapsed blocks",
        when="each minute: the last day of a block has passed",
        run=_lapsed_blocks,
        why_then="Who was blocked hears that it is over; the block held no longer by the clock, without this.",
        every=A_MINUTE,
    ),
    Job(
        name="used sessions",
        when="each minute: a staff session was used, and that was last written down five minutes ago",
        run=_used_sessions,
        why_then="It ends when it stands idle for two hours; reading a page itself writes nothing.",
        every=A_MINUTE,
    ),
    UNFINISHED,
    GOING,
    work_letters.BEGIN,
    *CLEARING,
)


async def make_briefing(turn: Turn, claimed: Claimed) -> None:
    """Make a meeting's briefing, unless the meeting was held, called off or moved meanwhile."""
    wanted = select(Meeting).where(Meeting.id == claimed.subject_id).options(joinedload(Meeting.panel))
    meeting = (await turn.tx.scalars(wanted)).one()
    day = meeting.starts_at.astimezone(turn.settings.zone).date() - timedelta(days=meeting.panel.briefing_days)
    is_moved = slot(BRIEFED_AT, turn.settings.zone, day).local != claimed.local_slot
    if meeting.state in STILL_TO_COME and meeting.starts_at > turn.now and not is_moved:
        await briefings.make(turn.tx, meeting=meeting, now=turn.now)


async def make_digest(turn: Turn, claimed: Claimed) -> None:
    """Close a follower's period."""
    await digests.close_period(
        turn.tx,
        person_id=claimed.subject_id,
        period=claimed.local_slot,
        zone=turn.settings.zone,
        now=turn.now,
    )


PLANNED: dict[str, Callable[[Turn, Claimed], Awaitable[None]]] = {BRIEFING: make_briefing, DIGEST: make_digest}
"""What is done for each kind of planned run, in the transaction that closes it."""
