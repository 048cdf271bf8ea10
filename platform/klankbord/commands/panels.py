"""`klankbord agenda`, `briefing` and `digests`: what goes to a panel and its followers, from the command line."""

import asyncio
from contextlib import AbstractAsyncContextManager

import click
from sqlalchemy import func, select

from kernel import local_time
from kernel.db import ReadSession
from kernel.errors import DomainError, NotFound
from klankbord.commands.opened import installation, settings_or_exit
from notify.models import Message
from notify.states import MessageState
from panels import briefings, queries
from panels.models import AgendaItem, Briefing, Meeting

MEETING_HELP = "MEETING is PANEL/NUMBER, as burgerpanel-waterveen/2, or the meeting's id."


async def find_meeting(db: ReadSession, named: str) -> Meeting:
    """The meeting behind PANEL/NUMBER or an id; raises NotFound."""
    slug, _, number = named.rpartition("/")
    if not number.isdigit():
        raise NotFound
    return await (queries.meeting_by_number(db, slug, int(number)) if slug else queries.meeting_by_id(db, int(number)))


@click.group()
def agenda() -> None:
    """Agendas of meetings."""


@agenda.command("show", epilog=MEETING_HELP)
@click.argument("meeting")
def show_agenda(meeting: str) -> None:
    """Print a meeting's agenda with the minutes of each point."""
    click.echo(asyncio.run(_agenda(meeting)))


@click.group()
def briefing() -> None:
    """Briefings: what panel members read before a meeting."""


@briefing.command("send", epilog=MEETING_HELP)
@click.argument("meeting")
def send_briefing(meeting: str) -> None:
    """Make a meeting's briefing now and send it to the members.

    It goes out by itself the panel's number of days before the meeting; this is for sooner. Each member gets it
    once: sending again sends nothing.
    """
    click.echo(asyncio.run(_send_briefing(meeting)))


@click.group()
def digests() -> None:
    """Digests: news for followers at the hour they chose."""


@digests.command("run")
def run_digests() -> None:
    """Tell what happened, close the periods that are due and send the letters, once.

    A running site does this by itself every second.
    """
    click.echo(asyncio.run(_run_digests()))


async def _agenda(named: str) -> str:
    async with installation(settings_or_exit()) as opened, opened.database.read() as db:
        try:
            meeting = await find_meeting(db, named)
        except DomainError:
            raise click.ClickException(f"There is no meeting {named!r}. {MEETING_HELP}") from None
        points = [point for point in await queries.agenda(db, meeting.id) if point.position is not None]
        used = sum(point.minutes for point in points)
        heading = f"{meeting.title} – {local_time.moment(meeting.starts_at, opened.settings.zone)}"
        rows = [_point(point) for point in points] or ["  There is nothing on it yet."]
        return "\n".join([heading, meeting.place, "", *rows, "", f"{used} of {meeting.minutes_long} minutes"])


def _point(point: AgendaItem) -> str:
    title = "(confidential)" if point.is_confidential else point.title
    told = f" – {point.question}" if point.question and not point.is_confidential else ""
    return f"  {point.position:>2}. {point.minutes:>3} min  {title}{told}"


async def _send_briefing(named: str) -> str:
    async with installation(settings_or_exit()) as opened:
        now = opened.clock.now()
        async with opened.database.write() as tx:
            try:
                meeting = await find_meeting(tx, named)
                if await tx.scalar(select(Briefing.id).where(Briefing.meeting_id == meeting.id)) is None:
                    await briefings.make(tx, meeting=meeting, now=now)
            except NotFound:
                raise click.ClickException(f"There is no meeting {named!r}. {MEETING_HELP}") from None
        before = await _sent(opened.database.read())
        await opened.worker().turn(now)
        sent = await _sent(opened.database.read()) - before
        return f"Sent {sent} letters." if sent else "Nothing to send: every member had it already."


async def _run_digests() -> str:
    async with installation(settings_or_exit()) as opened:
        before = await _sent(opened.database.read())
        await opened.worker().turn(opened.clock.now())
        return f"Sent {await _sent(opened.database.read()) - before} letters."


async def _sent(session: AbstractAsyncContextManager[ReadSession]) -> int:
    async with session as db:
        wanted = select(func.count()).select_from(Message).where(Message.state == MessageState.SENT)
        return await db.scalar(wanted) or 0
