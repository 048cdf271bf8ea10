from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consultations.models import Consultation, Idea
from consultations.states import IdeaRoute, IdeaState
from panels.chains import Chain, Stop
from panels.models import AgendaItem, Meeting, Recommendation, Response
from panels.states import ItemState, MeetingState, RecommendationState, ResponseState
from panels.steps import StepState, Trail, shortened
from panels.trail import read
from tests.moments import CLOSES, NOON
from themes.models import Theme

SENT = NOON - timedelta(days=40)
MET = NOON - timedelta(days=9)
COMING = NOON + timedelta(days=21)
THEME = Theme(id=5, name="Bankjes")
FUTURE = ["+theme", "+agenda", "+discussed", "+advice", "+answer"]


def an_idea(state: IdeaState = IdeaState.PUBLISHED, **given: Any) -> Idea:
    published_at = SENT if state in {IdeaState.PUBLISHED, IdeaState.REMOVED} else None
    fields = {"id": 1, "state": state, "route": IdeaRoute.UNROUTED, "received_at": SENT, "published_at": published_at}
    return Idea(**{**fields, "is_late": False, "merged_into_id": None, "answered_at": None, **given})


def a_chain(idea: Idea | None = None, **given: Any) -> Chain:
    closed = Consultation(closes_at=NOON - timedelta(days=20))
    return Chain(idea=idea or an_idea(), **{"consultation": closed, **given})


def a_meeting(state: MeetingState, starts_at: datetime = MET) -> Meeting:
    return Meeting(title="Bijeenkomst 3", place="De Sluis", state=state, starts_at=starts_at, reason="Storm.")


def a_stop(
    state: ItemState, meeting: Meeting | None = None, advice: tuple[Recommendation, ...] = (), **own: Any
) -> Stop:
    point = AgendaItem(
        id=8,
        state=state,
        position=2,
        title="Bankjes",
        reason="Geen tijd.",
        what_was_said="Veel.",
        advice="Zet ze neer.",
        follow_up="",
        is_confidential=own.pop("is_confidential", False),
        discussed_at=MET,
    )
    meeting = meeting or a_meeting(MeetingState.MINUTES_PUBLISHED)
    return Stop(point=point, meeting=meeting, url="/panels/p/meetings/3", advice=advice, **own)


def an_advice(state: RecommendationState, response: Response | None = None) -> Recommendation:
    return Recommendation(id=4, number=2, title="Bankjes", state=state, adopted_at=MET, response=response)


def answered(state: ResponseState, **given: Any) -> Chain:
    fields = {"due_at": NOON + timedelta(days=90), "owner": "Beheer", "reasons": "Omdat.", "answered_at": NOON}
    advice = an_advice(RecommendationState.SUBMITTED, Response(state=state, **{**fields, **given}))
    return a_chain(theme=THEME, stops=[a_stop(ItemState.DISCUSSED, advice=(advice,))])


def told(trail: Trail) -> list[str]:
    """Each step as a sign and its kind: = done, > here now, + to come, x passed."""
    signs = {StepState.DONE: "=", StepState.CURRENT: ">", StepState.FUTURE: "+", StepState.PASSED: "x"}
    return [signs[step.state] + step.kind for step in trail.steps]


PUBLIC = ["=received", "=published", "=theme"]
DISCUSSED = [*PUBLIC, "=agenda", "=discussed"]


@pytest.mark.parametrize(
    ("chain", "steps"),
    [
        (a_chain(an_idea(IdeaState.SUBMITTED)), [">received", "+published", *FUTURE]),
        (a_chain(an_idea(IdeaState.RECEIVED)), ["=received", ">published", *FUTURE]),
        (a_chain(an_idea(IdeaState.IN_REVIEW)), ["=received", ">published", *FUTURE]),
        (a_chain(an_idea(IdeaState.RETURNED)), ["=received", ">returned", "+published", *FUTURE]),
        (a_chain(an_idea(IdeaState.HELD)), ["=received", ">held", "+published", *FUTURE]),
        (a_chain(an_idea(IdeaState.REJECTED)), ["=received", "xrejected"]),
        (a_chain(an_idea(IdeaState.REMOVED)), ["=received", "=published", "xremoved"]),
        (a_chain(an_idea(IdeaState.WITHDRAWN)), ["=received", "xwithdrawn"]),
        (a_chain(an_idea(IdeaState.WITHDRAWN, published_at=SENT)), ["=received", "=published", "xwithdrawn"]),
        (a_chain(), ["=received", "=published", ">theme", *FUTURE[1:]]),
        (a_chain(theme=THEME), [*PUBLIC, ">agenda", *FUTURE[2:]]),
        (a_chain(placed_at=SENT), ["=received", "=published", "xtheme", ">agenda", *FUTURE[2:]]),
        (a_chain(an_idea(merged_into_id=9)), ["=received", "=published", "=merged", ">theme", *FUTURE[1:]]),
        (
            a_chain(theme=THEME, stops=[a_stop(ItemState.SCHEDULED, a_meeting(MeetingState.AGENDA_OPEN, COMING))]),
            [*PUBLIC, "=agenda", ">discussed", *FUTURE[3:]],
        ),
        (
            a_chain(theme=THEME, stops=[a_stop(ItemState.SCHEDULED, a_meeting(MeetingState.HELD))]),
            [*PUBLIC, "=agenda", ">discussed", *FUTURE[3:]],
        ),
        (
            a_chain(theme=THEME, stops=[a_stop(ItemState.POSTPONED), a_stop(ItemState.SCHEDULED)]),
            [*PUBLIC, "=postponed", "=agenda", ">discussed", *FUTURE[3:]],
        ),
        (a_chain(theme=THEME, stops=[a_stop(ItemState.WITHDRAWN)]), [*PUBLIC, "=postponed", ">agenda", *FUTURE[2:]]),
        (
            a_chain(an_idea(route=IdeaRoute.NOT_TAKEN), theme=THEME, stops=[a_stop(ItemState.DECLINED)]),
            [*PUBLIC, "=postponed"],
        ),
        (a_chain(theme=THEME, stops=[a_stop(ItemState.DISCUSSED)]), [*DISCUSSED, ">advice", "+answer"]),
        (
            a_chain(theme=THEME, stops=[a_stop(ItemState.DISCUSSED, own_route=IdeaRoute.NOT_TAKEN, own_reason="Nee.")]),
            [*DISCUSSED, "=answer"],
        ),
        (
            a_chain(an_idea(answered_at=NOON), theme=THEME, stops=[a_stop(ItemState.DISCUSSED)]),
            [*DISCUSSED, "xadvice", "=answer"],
        ),
        (
            a_chain(
                theme=THEME, stops=[a_stop(ItemState.DISCUSSED, advice=(an_advice(RecommendationState.WORDING_FIXED),))]
            ),
            [*DISCUSSED, ">advice", "+answer"],
        ),
        (
            a_chain(
                theme=THEME, stops=[a_stop(ItemState.DISCUSSED, advice=(an_advice(RecommendationState.NOT_ADOPTED),))]
            ),
            [*DISCUSSED, "xadvice"],
        ),
        (
            a_chain(theme=THEME, stops=[a_stop(ItemState.DISCUSSED, advice=(an_advice(RecommendationState.ADOPTED),))]),
            [*DISCUSSED, "=advice", ">answer"],
        ),
        (answered(ResponseState.AWAITED), [*DISCUSSED, "=advice", ">answer"]),
        (answered(ResponseState.AWAITED, due_at=MET), [*DISCUSSED, "=advice", ">answer"]),
        (
            answered(ResponseState.ACCEPTED, done_by=date(2027, 6, 1)),
            [*DISCUSSED, "=advice", "=answer", ">carried_out"],
        ),
        (answered(ResponseState.PARTLY, done_by=date(2027, 6, 1)), [*DISCUSSED, "=advice", "=answer", ">carried_out"]),
        (answered(ResponseState.REJECTED), [*DISCUSSED, "=advice", "=answer"]),
        (answered(ResponseState.DEFERRED), [*DISCUSSED, "=advice", "=answer"]),
        (answered(ResponseState.DONE), [*DISCUSSED, "=advice", "=answer", "=carried_out"]),
        (answered(ResponseState.ABANDONED), [*DISCUSSED, "=advice", "=answer", "xcarried_out"]),
    ],
)
def test_every_idea_has_a_trail_and_a_sentence_on_what_comes_next(chain: Chain, steps: list[str]) -> None:
    trail = read(chain, now=NOON)

    assert told(trail) == steps
    assert trail.what_next


def test_a_trail_says_when_the_next_thing_happens() -> None:
    open_still = replace(a_chain(), consultation=Consultation(closes_at=CLOSES))
    on_agenda = a_chain(theme=THEME, stops=[a_stop(ItemState.SCHEDULED, a_meeting(MeetingState.AGENDA_OPEN, COMING))])
    due = answered(ResponseState.AWAITED)
    promised = answered(ResponseState.ACCEPTED, done_by=date(2027, 6, 1))
    returned = a_chain(an_idea(IdeaState.RETURNED), revise_until=CLOSES)

    found = [read(chain, now=NOON).next_at for chain in (open_still, on_agenda, due, promised, returned)]

    assert found == [CLOSES, COMING, NOON + timedelta(days=90), datetime(2027, 6, 1, 11, tzinfo=UTC), CLOSES]


@pytest.mark.parametrize("theme", [THEME, None])
def test_a_late_idea_is_told_of_the_next_meeting(theme: Theme | None) -> None:
    following = a_meeting(MeetingState.CONVENED, COMING)

    trail = read(a_chain(an_idea(is_late=True), theme=theme, meeting=following), now=NOON)

    assert trail.next_at == COMING
    assert "na de sluiting" in trail.steps[0].text
    assert "Bijeenkomst 3" in (trail.what_next + trail.current.text if trail.current else "")


def test_overdue_shows_by_itself_at_the_instant() -> None:
    chain = answered(ResponseState.AWAITED, due_at=NOON)

    before, after = (read(chain, now=now) for now in (NOON, NOON + timedelta(microseconds=1)))

    assert "overschreden" not in before.what_next
    assert "overschreden" in after.what_next


@pytest.mark.parametrize(
    ("meeting", "is_confidential", "said"),
    [
        (MeetingState.MINUTES_PUBLISHED, False, "Veel."),
        (MeetingState.MINUTES_DRAFTED, False, "Het verslag van de bijeenkomst is nog niet klaar."),
        (MeetingState.MINUTES_PUBLISHED, True, ""),
    ],
)
def test_nothing_of_draft_minutes_or_a_closed_point_is_told(
    meeting: MeetingState, is_confidential: bool, said: str
) -> None:
    stop = a_stop(ItemState.DISCUSSED, a_meeting(meeting), is_confidential=is_confidential)

    trail = read(a_chain(theme=THEME, stops=[stop]), now=NOON)

    assert next(step.text for step in trail.steps if step.kind == "discussed") == said
    assert any("Bankjes" in step.text for step in trail.steps if step.kind == "agenda") is not is_confidential


def test_a_long_text_is_cut_at_a_word() -> None:
    assert shortened("Een twee drie", 13) == "Een twee drie"
    assert shortened("Een twee, drie vier", 12) == "Een twee…"


LATE = timedelta(microseconds=1)
IN_THE_PAST = NOON - LATE


@pytest.mark.parametrize(
    ("chain", "kind"),
    [
        (a_chain(an_idea(IdeaState.RECEIVED), due={"published": IN_THE_PAST}), "published"),
        (a_chain(theme=THEME, due={"agenda": IN_THE_PAST}, meeting=a_meeting(MeetingState.CONVENED, COMING)), "agenda"),
        (a_chain(due={"settled": IN_THE_PAST}), "theme"),
        (
            a_chain(
                theme=THEME,
                stops=[a_stop(ItemState.SCHEDULED, a_meeting(MeetingState.HELD, IN_THE_PAST - timedelta(days=14)))],
            ),
            "discussed",
        ),
        (answered(ResponseState.AWAITED, due_at=IN_THE_PAST), "answer"),
        (answered(ResponseState.ACCEPTED, done_by=date(2026, 11, 22)), "carried_out"),
    ],
)
def test_a_deadline_that_passed_is_shown_as_passed(chain: Chain, kind: str) -> None:
    trail, before = read(chain, now=NOON), read(chain, now=NOON - timedelta(days=2))

    assert [(step.kind, step.is_past) for step in trail.steps if step.expected] == [(kind, True)]
    assert (trail.is_late, before.is_late) == (True, False)


def test_what_was_promised_by_a_day_is_not_late_while_that_day_lasts() -> None:
    chain = answered(ResponseState.ACCEPTED, done_by=date(2026, 11, 23))

    assert not read(chain, now=datetime(2026, 11, 23, 22, 59, tzinfo=UTC)).is_late
    assert read(chain, now=datetime(2026, 11, 24, 0, 30, tzinfo=UTC)).is_late


def test_the_time_to_change_a_returned_text_is_over_at_its_instant() -> None:
    chain = a_chain(an_idea(IdeaState.RETURNED), revise_until=NOON)

    before, after = read(chain, now=NOON - LATE), read(chain, now=NOON)

    assert ("niet meer aanpassen" in before.what_next, "niet meer aanpassen" in after.what_next) == (False, True)


def test_steps_ahead_have_their_dates_where_the_meeting_is_known() -> None:
    due = {"agenda": COMING - timedelta(days=7), "discussed": COMING, "published": NOON + timedelta(days=2)}

    trail = read(a_chain(an_idea(IdeaState.RECEIVED), due=due), now=NOON)

    dates = {step.kind: step.at for step in trail.steps if step.expected}
    assert dates == due
