"""What happened in Waterveen, played through the verbs that people use, each step at its own moment."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select

from accounts import people, roles
from accounts.actor import Actor
from accounts.models import Person
from accounts.states import Role
from consultations import lifecycle, rounds
from consultations.models import Consultation
from consultations.states import PhaseKind, Policy
from kernel.db import Database, WriteSession
from kernel.events import EventRecord, Unrelayed
from kernel.settings import Settings
from klankbord.demo import additions, cast, evenings, inbox, offline, talks
from klankbord.demo.sample import Days, read
from moderation import grounds
from panels import mandates, meetings
from panels.models import Meeting, Panel
from panels.states import MeetingState
from themes import gazetteer, themes

ALREADY_TOLD = timedelta(days=1)
"""Facts older than this are taken as told: nobody wants two hundred letters about last month."""


async def load(database: Database, settings: Settings, *, now: Any) -> bool:
    """Load the sample; a database that has a panel is left as it is, and the answer is False."""
    async with database.read() as db:
        if await db.scalar(select(Panel.id).limit(1)) is not None:
            return False
    days = Days(now, settings.zone)
    async with database.write() as tx:
        panel = await _panel(tx, days)
        met = await _meetings(tx, panel=panel, days=days)
    asked = {row["slug"]: row for row in read("consultations.json")["consultations"]}
    closed, opened = asked["hitte-en-hevige-regen"], asked["leefbaar-en-bereikbaar"]
    in_phases = asked["het-oude-zwembad"]
    async with database.write() as tx:
        past = await _consultation(tx, closed, panel=panel, meeting=met[closed["meeting"]], days=days)
        sent = await inbox.fill(tx, read(closed["ideas"]), consultation=past, days=days)
        by_name = await inbox.group_by_hand(tx, sent, consultation=past, days=days)
        await evenings.hold_first(tx, meeting=met[1], next_meeting=met[2], themes=by_name, sent=sent, days=days)
        await _close_the_round(tx, past, days=days)
    async with database.write() as tx:
        running = await _consultation(tx, opened, panel=panel, meeting=met[opened["meeting"]], days=days)
        await inbox.fill(tx, read(opened["ideas"]), consultation=running, days=days)
        await offline.offer(tx, consultation=running, days=days)
        await additions.add(tx, consultation=running, days=days)
        pool = await _consultation(tx, in_phases, panel=panel, meeting=met[in_phases["meeting"]], days=days)
        await inbox.fill(tx, read(in_phases["ideas"]), consultation=pool, days=days)
        await lifecycle.record_boundaries(tx, now=now)
    secretary = await somebody(database, Role.SECRETARY)
    await themes.make(
        database,
        consultation_id=running.id,
        actor_id=secretary.person_id,
        places=gazetteer.names_in(settings.places),
        now=now,
    )
    async with database.write() as tx:
        await evenings.prepare_second(tx, meeting=met[2], days=days)
        await talks.begin(tx, consultation=running, days=days)
        old = select(EventRecord.id).where(EventRecord.at < now - ALREADY_TOLD)
        await tx.execute(delete(Unrelayed).where(Unrelayed.event_id.in_(old)))
    return True


async def somebody(database: Database, role: Role) -> Actor:
    """The first holder of a role, as an actor."""
    async with database.read() as db:
        return await roles.actor_for(db, person=(await roles.holders(db, role=role))[0])


async def _panel(tx: WriteSession, days: Days) -> Panel:
    sample = read("panel.json")
    told, agreed = sample["panel"], sample["agreement"]
    terms = ("aim", "tasks", "term", "meeting_cycle", "reporting", "confidentiality")
    kept = ("slug", "name", "contact_name", "contact_email", "is_permanent", "freeze_days", "publish_days")
    panel = await mandates.establish(
        tx,
        terms=mandates.Terms(**{name: told[name] for name in terms}),
        briefing_days=told["briefing_days"],
        response_months=told["response_months"],
        **{name: told[name] for name in kept},
    )
    fields = (
        "partner",
        "size",
        "duration",
        "set_up",
        "funding",
        "how_treated",
        "threshold_percent",
        "council_role",
        "draw_method",
        "draw_seed",
    )
    agreed_on: date = days.at(agreed["agreed_days_from_now"]).astimezone(days.zone).date()
    await mandates.agree(
        tx, panel=panel, agreed=mandates.Agreed(agreed_on=agreed_on, **{name: agreed[name] for name in fields})
    )
    started = days.at(agreed["draw_days_from_now"])
    await cast.seat_members(tx, panel=panel, members=sample["members"], now=started)
    operator = await people.meet(tx, email="beheer@waterveen.example", name="Beheer", now=started)
    await people.confirm(tx, person=operator, now=started)
    await roles.grant(tx, person=operator, role=Role.OPERATOR, now=started)
    return panel


async def _meetings(tx: WriteSession, *, panel: Panel, days: Days) -> dict[int, Meeting]:
    secretary = await roles.actor_for(tx, person=(await roles.holders(tx, role=Role.SECRETARY))[0])
    met: dict[int, Meeting] = {}
    for row in read("meetings.json")["meetings"]:
        meeting = await meetings.plan(
            tx,
            panel=panel,
            title=row["title"],
            place=row["place"],
            starts_at=days.at(row["days_from_now"], row["local_time"]),
            minutes_long=row["minutes_long"],
            actor=secretary,
        )
        if MeetingState(row["state"]) is not MeetingState.PLANNED:
            called = min(days.at(row["days_from_now"] - 45), days.ago(2))
            await meetings.convene(tx, meeting=meeting, actor=secretary, now=called)
        met[meeting.number] = meeting
    return met


async def _consultation(
    tx: WriteSession, row: dict[str, Any], *, panel: Panel, meeting: Meeting, days: Days
) -> Consultation:
    texts = ("slug", "title", "summary", "question", "asked", "can_change", "is_fixed", "how_used", "who_decides")
    consultation = Consultation(
        panel_id=panel.id,
        policy=Policy(row["policy"]),
        opens_at=days.at(row["opens_days_from_now"], row["opens_at"]),
        closes_at=days.at(row["closes_days_from_now"], row["closes_at"]),
        effort=row["effort"],
        results_when=row["results_when"],
        **{name: row[name] for name in texts},
    )
    tx.add(consultation)
    await tx.flush()
    await meetings.bind(tx, meeting=meeting, consultation=consultation, zone=days.zone)
    await _rounds(tx, row, consultation=consultation, days=days)
    published = [grounds.GroundText(**ground) for ground in row["grounds"]]
    await grounds.publish(tx, consultation_id=consultation.id, grounds=published)
    secretary = (await roles.holders(tx, role=Role.SECRETARY))[0]
    announced = days.at(row["announced_days_from_now"])
    await lifecycle.announce(tx, consultation=consultation, actor_id=secretary.id, now=announced)
    return consultation


async def _rounds(tx: WriteSession, row: dict[str, Any], *, consultation: Consultation, days: Days) -> None:
    """The panel's own questions, and what comes after the collecting, where there is any."""
    await rounds.set_prompts(tx, consultation=consultation, texts=row.get("prompts", []))
    ends = {PhaseKind(kind): days.at(until, row["closes_at"]) for kind, until in row.get("phases", {}).items()}
    await rounds.set_phases(tx, consultation=consultation, ends=ends)


async def _close_the_round(tx: WriteSession, consultation: Consultation, *, days: Days) -> None:
    secretary: Person = (await roles.holders(tx, role=Role.SECRETARY))[0]
    await lifecycle.record_boundaries(tx, now=days.now)
    await lifecycle.process(tx, consultation=consultation, actor_id=secretary.id, now=days.at(-36))
    await lifecycle.report(tx, consultation=consultation, actor_id=secretary.id, now=days.at(-22))
