"""What waits for somebody at the desk: as many questions to the database for fifty panels as for one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from accounts.actor import Actor
from kernel.db import ReadSession
from panels import answering, queries, rules, waiting
from panels.desk_pages import Desk
from panels.models import Meeting, Panel

One = TypeVar("One")
THEMES = 5
"""Of the themes that wait for a meeting so many are named; a link leads to all."""


async def desks(db: ReadSession, panels: Sequence[Panel], *, actor: Actor, now: datetime, zone: ZoneInfo) -> list[Desk]:
    """What waits in each of these panels, by what somebody is there."""
    looks = [panel.id for panel in panels if rules.may_look(actor, panel.id)]
    keeps = [panel.id for panel in panels if rules.may_keep(actor, panel.id)]
    responds = [panel.id for panel in panels if rules.may_respond(actor, panel.id)]
    at_work = _by(lambda one: one.panel_id, await queries.at_work(db, [panel.id for panel in panels]))
    next_ones = {panel_id: found for panel_id, some in at_work.items() if (found := _next(some, now)) is not None}
    looked_at = [one.id for panel_id, one in next_ones.items() if panel_id in looks]
    waits = await waiting.themes_of(db, looked_at, most=THEMES) if looked_at else {}
    briefed = await queries.briefed(db, [one.id for one in next_ones.values()]) if next_ones else set()
    in_hand = _by(lambda one: one.panel_id, await answering.advice_in_hand(db, keeps) if keeps else ())
    unanswered = _by(lambda one: one[0].panel_id, await answering.unanswered(db, keeps) if keeps else ())
    so_far = await answering.so_far_of_each(db, looks, now=now) if looks else {}
    late = [panel_id for panel_id, told in so_far.items() if told.overdue]
    answers = await answering.undecided(db, [*responds, *late]) if responds or late else ()
    undecided = _by(lambda one: one.recommendation.panel_id, answers)
    seats = await queries.seats_of_each(db, looks) if looks else {}

    def one(panel: Panel) -> Desk:
        coming = next_ones.get(panel.id)
        return Desk(
            panel=panel,
            meetings=at_work.get(panel.id, ()) if panel.id in looks else (),
            next_meeting=coming,
            freezes_at=rules.agenda_deadline(coming, panel, zone) if coming else None,
            publishes_at=rules.publication_date(coming, panel, zone) if coming else None,
            has_briefing=coming is not None and coming.id in briefed,
            waiting=waits.get(coming.id, waiting.Waiting()) if coming else waiting.Waiting(),
            in_hand=in_hand.get(panel.id, ()),
            unanswered=unanswered.get(panel.id, ()),
            due=undecided.get(panel.id, ()) if panel.id in responds else (),
            overdue=[answer for answer in undecided.get(panel.id, ()) if answer.is_overdue(now)],
            answering=so_far.get(panel.id),
            is_lopsided=bool(seats.get(panel.id)) and rules.is_lopsided(seats[panel.id]),
            keeps=panel.id in keeps,
            responds=panel.id in responds,
            looks=panel.id in looks,
        )

    return [one(panel) for panel in panels]


def _by(panel_of: Callable[[One], int], found: Iterable[One]) -> dict[int, list[One]]:
    sorted_out: dict[int, list[One]] = {}
    for one in found:
        sorted_out.setdefault(panel_of(one), []).append(one)
    return sorted_out


def _next(meetings: Iterable[Meeting], now: datetime) -> Meeting | None:
    """The first of them that is still to come."""
    coming = [one for one in meetings if one.starts_at > now and one.state in rules.STILL_TO_COME]
    return min(coming, key=lambda one: (one.starts_at, one.id), default=None)
