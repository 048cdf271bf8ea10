from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Grant
from accounts.states import Role
from consultations import round_queries
from consultations.states import IdeaRoute, IdeaState, PhaseKind
from kernel.db import WriteSession
from kernel.errors import ChangedMeanwhile, IllegalMove
from kernel.events import EventRecord
from panels import calendars, mandates, meetings, queries, rules, waiting
from panels.errors import AlreadySeated, ClosesAfterDeadline
from panels.states import Closes, ItemState, MeetingState, SeatEntry, SeatKind
from tests.builders import (
    a_consultation,
    a_meeting,
    a_panel,
    a_person,
    a_point,
    a_theme,
    an_agreement,
    an_idea,
)
from tests.consultations.test_rounds import a_round
from tests.moments import CLOSES, NOON
from tests.panels.staff import acting


async def test_moving_a_meeting_writes_the_new_deadline_into_its_consultations(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    consultation = await a_consultation(tx, panel=panel)
    secretary = await acting(tx, Role.SECRETARY, panel)
    await meetings.bind(tx, meeting=meeting, consultation=consultation)
    assert consultation.agenda_deadline_at == rules.agenda_deadline(meeting, panel)
    new_start = meeting.starts_at + timedelta(days=7)

    await meetings.reschedule(
        tx, meeting=meeting, starts_at=new_start, reason="De zaal is bezet.", actor=secretary, now=NOON
    )

    assert (meeting.starts_at, meeting.reason) == (new_start, "De zaal is bezet.")
    assert consultation.agenda_deadline_at == new_start - timedelta(days=8)
    assert await tx.scalar(select(EventRecord.name).where(EventRecord.name == "meeting.rescheduled"))


async def test_a_meeting_does_not_move_before_the_close_of_its_consultation(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    await a_consultation(tx, panel=panel, meeting=meeting)
    secretary = await acting(tx, Role.SECRETARY, panel)
    deadline_is_the_close = CLOSES + timedelta(days=8)

    await meetings.reschedule(
        tx, meeting=meeting, starts_at=deadline_is_the_close, reason="Eerder.", actor=secretary, now=NOON
    )
    with pytest.raises(ClosesAfterDeadline):
        await meetings.reschedule(
            tx,
            meeting=meeting,
            starts_at=deadline_is_the_close - timedelta(seconds=1),
            reason="Nog eerder.",
            actor=secretary,
            now=NOON,
        )


async def test_moving_a_meeting_can_move_the_close_that_is_bound_to_it(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    closed = await a_consultation(tx, panel=panel, meeting=meeting, opens_at=NOON - timedelta(days=9), closes_at=NOON)
    secretary = await acting(tx, Role.SECRETARY, panel)
    new_start = meeting.starts_at + timedelta(days=7)

    await meetings.reschedule(
        tx, meeting=meeting, starts_at=new_start, reason="Storm.", closes=Closes.DEADLINE, actor=secretary, now=NOON
    )

    assert [one.closes_at for one in (consultation, closed)] == [new_start - timedelta(days=8), NOON]
    assert await tx.scalar(select(EventRecord.name).where(EventRecord.name == "consultation.extended"))


@pytest.mark.parametrize(
    ("days", "choice", "closes"),
    [
        (7, Closes.ALONG, CLOSES + timedelta(days=7)),
        (7, Closes.STAYS, CLOSES),
        (-1, Closes.ALONG, CLOSES),
        (70, Closes.ALONG, CLOSES + timedelta(days=70)),
    ],
)
async def test_a_close_moves_as_many_days_as_its_meeting_and_never_back(
    tx: WriteSession, days: int, choice: Closes, closes: datetime
) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    secretary = await acting(tx, Role.SECRETARY, panel)
    new_start = meeting.starts_at + timedelta(days=days)

    await meetings.reschedule(
        tx, meeting=meeting, starts_at=new_start, reason="Storm.", closes=choice, actor=secretary, now=NOON
    )

    assert consultation.closes_at == closes


async def test_phases_move_with_the_close_and_stop_a_meeting_that_would_come_before_they_end(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    ends = {PhaseKind.ENDORSE: CLOSES + timedelta(days=5)}
    consultation = await a_round(tx, panel=panel, meeting=meeting, ends=ends)
    secretary = await acting(tx, Role.SECRETARY, panel)
    given: dict[str, Any] = {"reason": "Storm.", "closes": Closes.DEADLINE, "actor": secretary, "now": NOON}

    with pytest.raises(ClosesAfterDeadline):
        await meetings.reschedule(tx, meeting=meeting, starts_at=meeting.starts_at - timedelta(days=3), **given)
    meeting.starts_at = NOON + timedelta(days=21)
    await meetings.reschedule(tx, meeting=meeting, starts_at=meeting.starts_at + timedelta(days=7), **given)

    deadline = NOON + timedelta(days=20)
    assert (consultation.closes_at, await round_queries.last_close(tx, consultation)) == (
        deadline - timedelta(days=5),
        deadline,
    )


async def test_a_meeting_goes_from_planned_to_held_or_is_called_off(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    secretary = await acting(tx, Role.SECRETARY, panel)
    given: dict[str, Any] = {
        "panel": panel,
        "title": "Water",
        "place": "De Sluis",
        "starts_at": NOON,
        "minutes_long": 90,
    }
    first = await meetings.plan(tx, **given, actor=secretary)
    second = await meetings.plan(tx, **given, actor=secretary)

    await meetings.open_agenda(tx, meeting=first, actor=secretary, now=NOON)
    await meetings.cancel(tx, meeting=second, reason="Te weinig leden.", actor=secretary, now=NOON)

    assert (first.number, first.state, second.number, second.state) == (
        1,
        MeetingState.AGENDA_OPEN,
        2,
        MeetingState.CANCELLED,
    )
    with pytest.raises(IllegalMove):
        await meetings.hold(tx, meeting=first, actor=secretary, now=NOON)


async def test_a_seat_carries_the_role_of_member_for_as_long_as_it_lasts(tx: WriteSession) -> None:
    panel, person, other = await a_panel(tx), await a_person(tx), await a_person(tx)
    taken = await mandates.seat(tx, panel=panel, person=person, kind=SeatKind.CITIZEN, entry=SeatEntry.LOT, now=NOON)
    given: dict[str, Any] = {"kind": SeatKind.PARTNER, "entry": SeatEntry.APPOINTED, "organisation": "Gemeente"}
    await mandates.seat(tx, panel=panel, person=other, **given, now=NOON)
    with pytest.raises(AlreadySeated):
        await mandates.seat(tx, panel=panel, person=person, kind=SeatKind.CITIZEN, entry=SeatEntry.LOT, now=NOON)
    assert await queries.seats_by_kind(tx, panel.id) == {SeatKind.CITIZEN: 1, SeatKind.PARTNER: 1}
    assert await mandates.is_lopsided(tx, panel=panel)

    await mandates.vacate(tx, seat=taken, now=NOON)

    grant = (await tx.scalars(select(Grant).where(Grant.person_id == person.id))).one()
    assert (grant.role, grant.panel_id, grant.revoked_at) == (Role.MEMBER, panel.id, NOON)
    assert await queries.seats_by_kind(tx, panel.id) == {SeatKind.PARTNER: 1}


async def test_a_seat_that_was_vacated_before_takes_no_role_from_who_came_back(tx: WriteSession) -> None:
    panel, person = await a_panel(tx), await a_person(tx)
    given: dict[str, Any] = {"panel": panel, "person": person, "kind": SeatKind.CITIZEN, "entry": SeatEntry.LOT}
    left = await mandates.seat(tx, **given, now=NOON)
    await mandates.vacate(tx, seat=left, now=NOON)
    await mandates.seat(tx, **given, now=NOON)

    with pytest.raises(IllegalMove):
        await mandates.vacate(tx, seat=left, now=NOON)

    held = select(Grant.role).where(Grant.person_id == person.id, Grant.revoked_at.is_(None))
    assert (await tx.scalars(held)).all() == [Role.MEMBER]


async def test_a_new_version_of_the_agreement_leaves_the_old_one(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    first = await an_agreement(tx, panel=panel)
    texts = ("partner", "size", "duration", "set_up", "funding", "how_treated", "council_role", "draw_method")
    agreed = mandates.Agreed(
        **dict.fromkeys(texts, "Nieuw."), threshold_percent=60, draw_seed="9", agreed_on=NOON.date()
    )

    second = await mandates.agree(tx, panel=panel, agreed=agreed)

    assert [one.number for one in await queries.agreements(tx, panel.id)] == [2, 1]
    assert await queries.agreement(tx, panel.id) is second
    assert await queries.agreement(tx, panel.id, 1) is first


async def test_a_calendar_knows_a_moved_meeting_again(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel, starts_at=NOON + timedelta(days=21))
    meeting.panel = panel
    secretary = await acting(tx, Role.SECRETARY, panel)

    def lines() -> list[str]:
        written = calendars.ics(meeting, host="panel.test", url="http://panel.test/x", now=NOON)
        return written.decode().replace("\r\n ", "").split("\r\n")

    before = lines()
    await meetings.reschedule(
        tx, meeting=meeting, starts_at=NOON + timedelta(days=28), reason="Later.", actor=secretary, now=NOON
    )
    after = lines()

    assert f"UID:meeting-{meeting.id}@panel.test" in before
    assert f"UID:meeting-{meeting.id}@panel.test" in after
    assert "SEQUENCE:0" in before
    assert "SEQUENCE:1" in after
    assert "DTSTART;TZID=Europe/Amsterdam:20261214T120000" in before
    assert "DTSTART;TZID=Europe/Amsterdam:20261221T120000" in after
    assert "DTEND;TZID=Europe/Amsterdam:20261221T140000" in after
    assert "BEGIN:VTIMEZONE" in after


async def test_a_meeting_was_not_held_before_it_began(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_PUBLISHED)
    secretary = await acting(tx, Role.SECRETARY, panel)

    with pytest.raises(IllegalMove):
        await meetings.hold(tx, meeting=meeting, actor=secretary, now=meeting.starts_at - timedelta(seconds=1))
    await meetings.hold(tx, meeting=meeting, actor=secretary, now=meeting.starts_at)

    assert meeting.state is MeetingState.HELD


async def test_a_move_from_an_old_page_is_refused_when_somebody_moved_the_meeting_meanwhile(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel)
    secretary = await acting(tx, Role.SECRETARY, panel)
    given: dict[str, Any] = {"reason": "Storm.", "seen": meeting.version, "actor": secretary, "now": NOON}
    later = meeting.starts_at + timedelta(days=7)
    await meetings.reschedule(tx, meeting=meeting, starts_at=later, **given)

    with pytest.raises(ChangedMeanwhile):
        await meetings.reschedule(tx, meeting=meeting, starts_at=later + timedelta(days=7), **given)


async def test_the_points_of_a_meeting_that_is_called_off_go_to_the_next_one(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    idea = await an_idea(tx, state=IdeaState.PUBLISHED, route=IdeaRoute.ON_AGENDA)
    meeting = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_OPEN)
    point = await a_point(tx, meeting=meeting, ideas=[idea])
    following = await a_meeting(tx, panel=panel, starts_at=meeting.starts_at + timedelta(days=30))
    secretary = await acting(tx, Role.SECRETARY, panel)

    await meetings.cancel(tx, meeting=meeting, reason="Storm.", actor=secretary, now=NOON)

    [carried] = await queries.agenda(tx, following.id)
    assert (point.state, point.reason, carried.carried_from_id) == (ItemState.POSTPONED, "Storm.", point.id)
    assert await queries.idea_ids_of(tx, carried.id) == [idea.id]
    assert idea.route is IdeaRoute.POSTPONED


async def test_without_a_next_meeting_the_points_of_one_that_is_called_off_wait_again(tx: WriteSession) -> None:
    panel = await a_panel(tx)
    meeting = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_OPEN)
    consultation = await a_consultation(tx, panel=panel, meeting=meeting)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, route=IdeaRoute.ON_AGENDA)
    theme = await a_theme(tx, consultation=consultation, ideas=[idea])
    point = await a_point(tx, meeting=meeting, ideas=[idea], theme_id=theme.id)
    secretary = await acting(tx, Role.SECRETARY, panel)

    await meetings.cancel(tx, meeting=meeting, reason="Storm.", actor=secretary, now=NOON)
    planned = await a_meeting(tx, panel=panel, starts_at=meeting.starts_at + timedelta(days=30))

    assert (point.state, point.position) == (ItemState.WITHDRAWN, None)
    assert [one.theme for one in await waiting.themes(tx, planned)] == [theme]
