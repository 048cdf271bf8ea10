"""The sample's meetings: the one that was held, with its advices and their responses, and the one that is coming."""

from datetime import datetime, timedelta
from typing import Any

from accounts import roles
from accounts.actor import Actor
from accounts.states import Role
from consultations.states import IdeaRoute
from kernel.db import WriteSession
from klankbord.demo.inbox import Sent
from klankbord.demo.sample import Days, read
from panels import agendas, meetings, minutes, queries, recommendations, responses
from panels.models import AgendaItem, Meeting, Response
from panels.states import ItemState, RecommendationState, ResponseState
from themes.models import Theme


async def hold_first(
    tx: WriteSession,
    *,
    meeting: Meeting,
    next_meeting: Meeting,
    themes: dict[str, Theme],
    sent: dict[str, Sent],
    days: Days,
) -> None:
    """Agenda, evening, minutes, advices and the answers to them."""
    row = _row(1)
    secretary = await _actor(tx, Role.SECRETARY)
    points = await _agenda(tx, row, meeting=meeting, themes=themes, actor=secretary, days=days)
    await meetings.hold(tx, meeting=meeting, actor=secretary, now=meeting.starts_at)
    await _notes(tx, row, points=points, sent=sent, actor=secretary, now=meeting.starts_at + timedelta(hours=3))
    awaited = await _advices(tx, row, points=points, actor=secretary, days=days)
    published = days.at(row["minutes_published_days_from_now"])
    await minutes.publish(tx, meeting=meeting, intro=row["minutes_intro"], actor=secretary, now=published)
    for advice in row["recommendations"]:
        if advice["number"] in awaited:
            await _respond(tx, advice["response"], response=awaited[advice["number"]], days=days)


async def prepare_second(tx: WriteSession, *, meeting: Meeting, days: Days) -> None:
    """What the secretary already put on the coming agenda; the carried-over point came by itself."""
    secretary = await _actor(tx, Role.SECRETARY)
    for point in _row(2)["agenda"]:
        if point["carried_from"] is None:
            await agendas.add(
                tx,
                meeting=meeting,
                title=point["title"],
                question=point["question"],
                minutes=point["minutes"],
                presenter=point["presenter"],
                actor=secretary,
                now=days.ago(2),
            )
    for carried in await queries.agenda(tx, meeting.id):
        told = next((p for p in _row(2)["agenda"] if p["carried_from"] and carried.carried_from_id), None)
        if told is not None:
            await agendas.change(
                tx,
                point=carried,
                title=told["title"],
                question=told["question"],
                minutes=told["minutes"],
                presenter=told["presenter"],
                is_confidential=False,
                actor=secretary,
                now=days.ago(2),
            )


def _row(number: int) -> dict[str, Any]:
    return next(row for row in read("meetings.json")["meetings"] if row["number"] == number)


async def _actor(tx: WriteSession, role: Role) -> Actor:
    return await roles.actor_for(tx, person=(await roles.holders(tx, role=role))[0])


async def _agenda(
    tx: WriteSession,
    row: dict[str, Any],
    *,
    meeting: Meeting,
    themes: dict[str, Theme],
    actor: Actor,
    days: Days,
) -> dict[int, AgendaItem]:
    made = days.at(row["days_from_now"] - 8, "09:00")
    points = {
        told["position"]: await agendas.add_theme(
            tx,
            meeting=meeting,
            theme=themes[told["theme"]],
            title=told["title"],
            question=told["question"],
            minutes=told["minutes"],
            presenter=told["presenter"],
            actor=actor,
            now=made,
        )
        for told in row["agenda"]
    }
    await agendas.freeze(tx, meeting=meeting, actor=actor, now=days.at(row["days_from_now"] - 8))
    await agendas.publish(tx, meeting=meeting, actor=actor, now=days.at(row["days_from_now"] - 7))
    return points


async def _notes(
    tx: WriteSession,
    row: dict[str, Any],
    *,
    points: dict[int, AgendaItem],
    sent: dict[str, Sent],
    actor: Actor,
    now: datetime,
) -> None:
    for told in row["agenda"]:
        point = points[told["position"]]
        await minutes.note(
            tx,
            item=point,
            outcome=ItemState(told["state"]),
            what_was_said=told["what_was_said"],
            advice=told["advice"],
            follow_up=told["follow_up"],
            reason=told["reason"],
            actor=actor,
            now=now,
        )
        for apart in told["exceptions"]:
            await minutes.set_apart(
                tx,
                item=point,
                idea_id=sent[apart["idea"]].idea.id,
                route=IdeaRoute(apart["route"]),
                reason=apart["reason"],
                actor=actor,
                now=now,
            )


async def _advices(
    tx: WriteSession, row: dict[str, Any], *, points: dict[int, AgendaItem], actor: Actor, days: Days
) -> dict[int, Response]:
    awaited: dict[int, Response] = {}
    for told in sorted(row["recommendations"], key=lambda told: told["number"]):
        adopted = days.at(told["adopted_days_from_now"])
        advice = await recommendations.draft(
            tx, item=points[told["agenda_item"]], title=told["title"], text=told["text"], actor=actor, now=adopted
        )
        await recommendations.adopt(
            tx,
            recommendation=advice,
            votes_for=told["votes_for"],
            votes_against=told["votes_against"],
            actor=actor,
            now=adopted,
        )
        if RecommendationState(told["state"]) is RecommendationState.SUBMITTED:
            submitted = days.at(told["submitted_days_from_now"])
            awaited[told["number"]] = await recommendations.submit(
                tx, recommendation=advice, actor=actor, now=submitted, zone=days.zone
            )
    return awaited


async def _respond(tx: WriteSession, answer: dict[str, Any] | None, *, response: Response, days: Days) -> None:
    if answer is None or answer["state"] == ResponseState.AWAITED:
        return
    commissioner = await _actor(tx, Role.COMMISSIONER)
    done_by = answer["done_by_days_from_now"]
    await responses.respond(
        tx,
        response=response,
        state=ResponseState(answer["state"]),
        reasons=answer["reasons"],
        owner=answer["owner"] or "",
        done_by=days.at(done_by).astimezone(days.zone).date() if done_by is not None else None,
        actor=commissioner,
        now=days.at(answer["answered_days_from_now"]),
    )
    for step in answer["progress"]:
        await responses.report_progress(
            tx,
            response=response,
            text=step["text"],
            actor=commissioner,
            now=days.at(step["days_from_now"]),
        )
