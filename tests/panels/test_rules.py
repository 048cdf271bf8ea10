from datetime import UTC, datetime
from itertools import product

import pytest

from accounts.actor import ANONYMOUS, Actor
from accounts.states import Role
from kernel.errors import DomainError, NotAllowed, NotFound, SignInFirst
from panels import rules
from panels.models import Agreement, Meeting, Panel, Recommendation, Response
from panels.states import (
    ITEM_MOVES,
    MEETING_MOVES,
    RECOMMENDATION_MOVES,
    RESPONSE_MOVES,
    ItemState,
    MeetingState,
    RecommendationState,
    ResponseState,
    SeatKind,
)

OURS, OTHER = 1, 2


def actor(role: Role, panel_id: int | None) -> Actor:
    return Actor(person_id=7, grants=frozenset({(role, panel_id)}))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (ANONYMOUS, SignInFirst),
        (Actor(person_id=7), NotFound),
        (actor(Role.MEMBER, OURS), NotFound),
        (actor(Role.SECRETARY, OTHER), NotFound),
        (actor(Role.CHAIR, OURS), NotAllowed),
        (actor(Role.AUDITOR, None), NotAllowed),
        (actor(Role.SECRETARY, OURS), None),
        (actor(Role.SECRETARY, None), None),
    ],
)
def test_only_the_panels_own_secretary_keeps_its_meetings(who: Actor, refusal: type[DomainError] | None) -> None:
    if refusal is None:
        assert rules.require_keeper(who, OURS) == 7
    else:
        with pytest.raises(refusal):
            rules.require_keeper(who, OURS)


@pytest.mark.parametrize(
    ("who", "keeps", "looks", "reads_briefing", "responds"),
    [
        (ANONYMOUS, False, False, False, False),
        (actor(Role.RESIDENT, None), False, False, False, False),
        (actor(Role.MEMBER, OURS), False, False, True, False),
        (actor(Role.MEMBER, OTHER), False, False, False, False),
        (actor(Role.MODERATOR, OURS), False, False, False, False),
        (actor(Role.SECRETARY, OURS), True, True, True, False),
        (actor(Role.CHAIR, OURS), False, True, True, False),
        (actor(Role.AUDITOR, None), False, True, True, False),
        (actor(Role.COMMISSIONER, OURS), False, False, False, True),
        (actor(Role.COMMISSIONER, OTHER), False, False, False, False),
    ],
)
def test_who_may_do_what(who: Actor, keeps: bool, looks: bool, reads_briefing: bool, responds: bool) -> None:
    found = (
        rules.may_keep(who, OURS),
        rules.may_look(who, OURS),
        rules.may_read_briefing(who, OURS),
        rules.may_respond(who, OURS),
    )

    assert found == (keeps, looks, reads_briefing, responds)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=rules.DUTCH_TIME)  # type: ignore[arg-type, misc]  # a plain list of numbers


@pytest.mark.parametrize(
    ("starts_at", "deadline"),
    [
        (at(2026, 12, 14, 19, 30), at(2026, 12, 6, 19, 30)),
        (at(2027, 4, 1, 19, 30), at(2027, 3, 24, 19, 30)),  # summer time began on 28 March
        (at(2026, 10, 30, 0, 15), at(2026, 10, 22, 0, 15)),  # winter time began on 25 October, just after midnight
        (at(2027, 4, 5, 2, 30), at(2027, 3, 28, 3, 0)),  # that night had no half past two: just after the gap
        (at(2027, 3, 5, 9, 0), at(2027, 2, 25, 9, 0)),
    ],
)
def test_the_agenda_is_settled_at_the_same_hour_eight_days_before(starts_at: datetime, deadline: datetime) -> None:
    meeting, panel = Meeting(starts_at=starts_at.astimezone(UTC)), Panel(freeze_days=8)

    assert rules.agenda_deadline(meeting, panel) == deadline.astimezone(UTC)


@pytest.mark.parametrize(
    ("submitted_at", "months", "due_at"),
    [
        (at(2026, 11, 23, 12, 0), 6, at(2027, 5, 23, 12, 0)),  # from winter to summer time, the same hour
        (at(2026, 8, 31, 9, 0), 6, at(2027, 2, 28, 9, 0)),
        (at(2027, 8, 31, 9, 0), 6, at(2028, 2, 29, 9, 0)),
        (at(2026, 12, 31, 23, 59), 2, at(2027, 2, 28, 23, 59)),
        (at(2026, 5, 31, 0, 5), 1, at(2026, 6, 30, 0, 5)),
        (at(2026, 6, 15, 10, 0), 18, at(2027, 12, 15, 10, 0)),
        (at(2026, 6, 15, 10, 0), 0, at(2026, 6, 15, 10, 0)),
    ],
)
def test_a_response_is_due_in_calendar_months(submitted_at: datetime, months: int, due_at: datetime) -> None:
    assert rules.months_after(submitted_at.astimezone(UTC), months) == due_at.astimezone(UTC)


@pytest.mark.parametrize(
    ("citizens", "partners", "is_lopsided"),
    [(16, 8, False), (15, 8, True), (0, 0, False), (24, 8, False), (0, 1, True)],
)
def test_citizens_are_at_least_twice_the_partners(citizens: int, partners: int, is_lopsided: bool) -> None:
    seats = {SeatKind.CITIZEN: citizens, SeatKind.PARTNER: partners, SeatKind.ADVISER: 9}

    assert rules.is_lopsided(seats) is is_lopsided


@pytest.mark.parametrize(
    ("votes_for", "votes_against", "threshold", "is_carried"),
    [
        (3, 1, 75, True),
        (74, 26, 75, False),
        (0, 0, 75, False),
        (2, 1, 66, True),
        (1, 1, None, False),
        (2, 1, None, True),
    ],
)
def test_a_vote_reaches_the_threshold_exactly(
    votes_for: int, votes_against: int, threshold: int | None, is_carried: bool
) -> None:
    agreement = Agreement(threshold_percent=threshold) if threshold is not None else None

    assert rules.is_carried(votes_for, votes_against, agreement) is is_carried


def test_a_percentage_never_promises_more_than_was_voted() -> None:
    assert rules.percent_for(Recommendation(votes_for=749, votes_against=251)) == 74
    assert rules.percent_for(Recommendation(votes_for=None, votes_against=None)) is None


@pytest.mark.parametrize(("state", "ahead"), list(product(ResponseState, (-1, 0, 1))))
def test_only_an_awaited_response_is_overdue_and_from_the_first_instant_after(state: ResponseState, ahead: int) -> None:
    due_at = at(2027, 5, 23, 12, 0)
    response = Response(state=state, due_at=due_at)

    assert response.is_overdue(due_at.replace(microsecond=0, second=max(0, ahead))) is (
        state is ResponseState.AWAITED and ahead > 0
    )


def test_every_state_has_its_row_and_every_step_leads_somewhere_known() -> None:
    assert set(MEETING_MOVES) == set(MeetingState)
    assert set(ITEM_MOVES) == set(ItemState)
    assert set(RECOMMENDATION_MOVES) == set(RecommendationState)
    assert set(RESPONSE_MOVES) == set(ResponseState)
