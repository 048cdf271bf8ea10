from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.actor import ANONYMOUS, Actor
from accounts.states import Role
from consultations.differences import difference
from consultations.models import Consultation, Idea
from consultations.states import RESTRICTED, ConsultationState, IdeaState
from kernel.errors import DomainError, NotAllowed, NotFound, SignInFirst
from moderation import rules
from moderation.states import APPEALABLE, BECOMES, NEEDS_GROUND, Outcome
from tests.moments import NOON

ZONE = ZoneInfo("Europe/Amsterdam")
DECIDED = datetime(2026, 8, 31, 12, tzinfo=ZONE)
LAST = datetime(2027, 2, 28, 23, 59, tzinfo=ZONE)

P, T, H, R, X = Outcome.PUBLISH, Outcome.RETURN, Outcome.HOLD, Outcome.REJECT, Outcome.REMOVE


@pytest.mark.parametrize(
    ("state", "outcomes"),
    [
        (IdeaState.DRAFT, set()),
        (IdeaState.SUBMITTED, set()),
        (IdeaState.RECEIVED, {P, T, H, R}),
        (IdeaState.IN_REVIEW, {P, T, H, R}),
        (IdeaState.RETURNED, {R}),
        (IdeaState.HELD, {P, T, R}),
        (IdeaState.PUBLISHED, {X}),
        (IdeaState.REJECTED, set()),
        (IdeaState.REMOVED, set()),
        (IdeaState.WITHDRAWN, set()),
    ],
)
def test_what_can_be_decided_follows_from_the_state(state: IdeaState, outcomes: set[Outcome]) -> None:
    assert set(rules.offered(state)) == outcomes


def test_a_text_goes_back_once_and_only_while_a_new_one_can_come_in() -> None:
    fresh, again = Idea(returned_at=None), Idea(returned_at=NOON)
    taking, done = Consultation(state=ConsultationState.ANNOUNCED), Consultation(state=ConsultationState.PROCESSED)

    assert rules.sends_back(fresh, taking)
    assert [rules.sends_back(again, taking), rules.sends_back(fresh, done)] == [False, False]
    assert T not in rules.offered(IdeaState.RECEIVED, may_return=False)


@pytest.mark.parametrize("state", [IdeaState.REJECTED, IdeaState.REMOVED])
def test_only_an_appeal_brings_an_idea_back(state: IdeaState) -> None:
    assert rules.offered(state, on_appeal=True) == (Outcome.PUBLISH,)


def test_every_restriction_needs_a_ground() -> None:
    assert {BECOMES[outcome] for outcome in NEEDS_GROUND} == RESTRICTED
    assert set(Outcome) - NEEDS_GROUND == {Outcome.PUBLISH}


@pytest.mark.parametrize(
    ("outcome", "has_appeal", "now", "may"),
    [
        (Outcome.REJECT, False, DECIDED, True),
        (Outcome.REMOVE, False, DECIDED, True),
        (Outcome.HOLD, False, DECIDED, True),
        (Outcome.RETURN, False, DECIDED, False),
        (Outcome.PUBLISH, False, DECIDED, False),
        (Outcome.REJECT, True, DECIDED, False),
        (Outcome.REJECT, False, LAST - timedelta(microseconds=1), True),
        (Outcome.REJECT, False, LAST, False),
    ],
)
def test_an_author_appeals_once_within_six_months(outcome: Outcome, has_appeal: bool, now: datetime, may: bool) -> None:
    given: dict[str, Any] = {"decided_at": DECIDED, "has_appeal": has_appeal, "now": now, "zone": ZONE}
    assert rules.may_appeal(outcome, stands=True, **given) is may
    assert not rules.may_appeal(outcome, stands=False, **given)


def test_six_months_may_end_in_another_year_and_a_shorter_month() -> None:
    assert rules.appeal_until(DECIDED, ZONE) == LAST
    assert rules.appeal_until(datetime(2026, 6, 30, 12, tzinfo=ZONE), ZONE) == datetime(
        2026, 12, 30, 23, 59, tzinfo=ZONE
    )
    assert Outcome.RETURN not in APPEALABLE


MODERATOR = Actor(person_id=1, grants=frozenset({(Role.MODERATOR, None)}))
FOR_PANEL_7 = Actor(person_id=2, grants=frozenset({(Role.MODERATOR, 7)}))
SECRETARY = Actor(person_id=3, grants=frozenset({(Role.SECRETARY, None)}))
AUDITOR = Actor(person_id=5, grants=frozenset({(Role.AUDITOR, None)}))


@pytest.mark.parametrize(
    ("actor", "panel_id", "refusal"),
    [
        (ANONYMOUS, 7, SignInFirst),
        (Actor(person_id=4), 7, NotFound),
        (SECRETARY, 7, NotFound),
        (AUDITOR, 7, NotAllowed),
        (MODERATOR, 7, None),
        (FOR_PANEL_7, 7, None),
        (FOR_PANEL_7, 8, NotFound),
    ],
)
def test_moderators_decide_for_their_panels(actor: Actor, panel_id: int, refusal: type[DomainError] | None) -> None:
    assert rules.may_moderate(actor, panel_id=panel_id) is (refusal is None)
    if refusal is not None:
        with pytest.raises(refusal):
            rules.require_moderator(actor, panel_id=panel_id)


def test_the_first_decider_does_not_judge_the_appeal() -> None:
    rules.require_another(1, first_decider_id=2)
    with pytest.raises(NotAllowed):
        rules.require_another(1, first_decider_id=1)


def test_a_small_change_is_shown_word_by_word() -> None:
    before = "Zet een bank bij nummer 37 aan het water."
    after = "Zet een bank bij de brug aan het water."

    assert difference(before, after) == [
        ("same", "Zet een bank bij "),
        ("gone", "nummer 37 "),
        ("added", "de brug "),
        ("same", "aan het water."),
    ]


def test_another_text_altogether_is_shown_whole() -> None:
    assert difference("Een bank.", "Meer bomen graag.") == [
        ("gone", "Een bank."),
        ("same", "\n"),
        ("added", "Meer bomen graag."),
    ]
