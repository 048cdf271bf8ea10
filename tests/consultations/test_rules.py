from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.actor import ANONYMOUS, Actor
from accounts.states import Role
from consultations import rules
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaRoute, IdeaState, Timing
from tests.moments import CLOSES, NOON, OPENS

A_TICK = timedelta(microseconds=1)
S, T = ConsultationState, Timing


def a_consultation(**given: Any) -> Consultation:
    return Consultation(**{"state": S.ANNOUNCED, "opens_at": OPENS, "closes_at": CLOSES, "panel_id": 1, **given})


@pytest.mark.parametrize(
    ("moment", "timing", "stage"),
    [
        (OPENS - A_TICK, T.NOT_NOW, "announced"),
        (OPENS, T.IN_TIME, "open"),
        (NOON, T.IN_TIME, "open"),
        (CLOSES - A_TICK, T.IN_TIME, "open"),
        (CLOSES, T.LATE, "closed"),
        (CLOSES + timedelta(days=400), T.LATE, "closed"),
    ],
)
def test_an_announced_consultation_goes_by_the_clock(moment: datetime, timing: Timing, stage: str) -> None:
    consultation = a_consultation()

    assert (rules.timing_of(consultation, moment), rules.stage_of(consultation, moment)) == (timing, stage)


@pytest.mark.parametrize("state", [state for state in S if state is not S.ANNOUNCED])
@pytest.mark.parametrize("moment", [OPENS - A_TICK, OPENS, CLOSES - A_TICK, CLOSES])
def test_in_every_other_state_nothing_is_taken(state: ConsultationState, moment: datetime) -> None:
    consultation = a_consultation(state=state)

    assert (rules.timing_of(consultation, moment), rules.stage_of(consultation, moment)) == (T.NOT_NOW, state.value)


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (ANONYMOUS, False),
        (Actor(person_id=1), False),
        (Actor(person_id=1, grants=frozenset({(Role.MODERATOR, None)})), False),
        (Actor(person_id=1, grants=frozenset({(Role.SECRETARY, 2)})), False),
        (Actor(person_id=1, grants=frozenset({(Role.SECRETARY, 1)})), True),
        (Actor(person_id=1, grants=frozenset({(Role.CHAIR, 1)})), True),
        (Actor(person_id=1, grants=frozenset({(Role.AUDITOR, None)})), True),
        (Actor(person_id=1, grants=frozenset({(Role.OPERATOR, None)})), False),
    ],
)
def test_a_draft_is_for_those_who_prepare_it(actor: Actor, sees: bool) -> None:
    assert rules.may_see(a_consultation(state=S.DRAFT), actor) is sees
    assert rules.may_see(a_consultation(), actor) is True


@pytest.mark.parametrize("state", list(IdeaState))
def test_only_published_ideas_are_for_all_and_the_others_for_their_author(state: IdeaState) -> None:
    idea = Idea(state=state, author_id=7)

    assert rules.may_see_idea(idea, ANONYMOUS) is (state is IdeaState.PUBLISHED)
    assert rules.may_see_idea(idea, Actor(person_id=8)) is (state is IdeaState.PUBLISHED)
    assert rules.may_see_idea(idea, Actor(person_id=7)) is True


@pytest.mark.parametrize(
    ("state", "revisions", "moment", "may"),
    [
        (IdeaState.RETURNED, 0, NOON, True),
        (IdeaState.RETURNED, 0, NOON + rules.REVISE_WITHIN - A_TICK, True),
        (IdeaState.RETURNED, 0, NOON + rules.REVISE_WITHIN, False),
        (IdeaState.RETURNED, 1, NOON, False),
        (IdeaState.RECEIVED, 0, NOON, False),
        (IdeaState.PUBLISHED, 0, NOON, False),
    ],
)
def test_a_returned_idea_can_be_revised_once_within_a_week(
    state: IdeaState, revisions: int, moment: datetime, may: bool
) -> None:
    idea = Idea(state=state, returned_at=NOON)

    assert rules.may_revise(a_consultation(), idea, revisions=revisions, now=moment) is may


@pytest.mark.parametrize("state", sorted(set(S) - {S.ANNOUNCED, S.SUSPENDED}))
def test_nobody_is_asked_for_another_text_that_nobody_would_read(state: ConsultationState) -> None:
    idea = Idea(state=IdeaState.RETURNED, returned_at=NOON)

    assert rules.may_revise(Consultation(state=state), idea, revisions=0, now=NOON) is False


@pytest.mark.parametrize(
    ("at", "to", "may"),
    [
        (IdeaRoute.UNROUTED, IdeaRoute.IN_THEME, True),
        (IdeaRoute.IN_THEME, IdeaRoute.UNROUTED, True),
        (IdeaRoute.ON_AGENDA, IdeaRoute.IN_THEME, False),
        (IdeaRoute.NEXT_MEETING, IdeaRoute.IN_THEME, False),
        (IdeaRoute.NEXT_MEETING, IdeaRoute.ON_AGENDA, True),
        (IdeaRoute.ON_AGENDA, IdeaRoute.DISCUSSED, True),
        (IdeaRoute.IN_THEME, IdeaRoute.MERGED, False),  # merging.py is the door for that
    ],
)
def test_grouping_never_takes_back_what_the_panel_did(at: IdeaRoute, to: IdeaRoute, may: bool) -> None:
    assert rules.may_route(Idea(state=IdeaState.PUBLISHED, route=at), to) is may
    assert rules.may_route(Idea(state=IdeaState.HELD, route=at), to) is False


@pytest.mark.parametrize(
    ("state", "idea_state", "takes"),
    [
        (S.ANNOUNCED, IdeaState.PUBLISHED, True),
        (S.PROCESSED, IdeaState.PUBLISHED, True),
        (S.REPORTED, IdeaState.PUBLISHED, True),
        (S.ANNOUNCED, IdeaState.REMOVED, False),
        (S.SUSPENDED, IdeaState.PUBLISHED, False),
        (S.CANCELLED, IdeaState.PUBLISHED, False),
        (S.ARCHIVED, IdeaState.PUBLISHED, False),
    ],
)
def test_support_is_taken_while_the_consultation_goes_on(
    state: ConsultationState, idea_state: IdeaState, takes: bool
) -> None:
    assert rules.takes_support(a_consultation(state=state), Idea(state=idea_state)) is takes


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Zet bankjes neer. Dan kan mijn moeder weer wandelen.", "Zet bankjes neer"),
        ("Zet bankjes neer\nlangs de kade", "Zet bankjes neer"),
        ("  Waarom niet?  Omdat het kan.", "Waarom niet?"),
        ("woord " * 40, ("woord " * 16).strip() + "…"),
        ("x" * 300, "x" * 99 + "…"),
        ("Precies " + "y" * 92, "Precies " + "y" * 92),
    ],
)
def test_a_title_is_the_first_sentence_cut_at_a_word(text: str, title: str) -> None:
    assert rules.title_from(text) == title
    assert len(title) <= rules.MOST_TITLE
