"""`klankbord agenda`, `briefing` and `digests`: what goes to a panel and its followers, from the command line."""

import asyncio

import click
from sqlalchemy import ColumnElement, func, select

from kernel import local_time
from kernel.db import Database, ReadSession
from kernel.errors import DomainError, NotFound
from klankbord.commands.opened import installation, settings_or_exit
from klankbord.trace.witness import on_command
from notify.models import Message
from notify.schedule import STILL_TO_COME
from notify.states import MessageState
from panels import briefings, queries
from panels.models import AgendaItem, Meeting

MEETING_HELP = "MEETING is PANEL/NUMBER, as burgerpanel-waterveen/2, or the meeting's id."
NOT_YET = (MessageState.QUEUED, MessageState.SENDING, MessageState.DEFERRED)


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
    """Print a meeting's agenda with the minutes of each point.

    It prints the agenda as it stands, published or not; a confidential point shows its place and minutes only.
    """
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
    """Send the digests that are due, and all other letters that wait.

    First everybody hears what they should hear of all that happened; then followers whose hour has come get their
    digest; then the letters leave. A running site does all this by itself every second. Nobody gets anything twice.
    """
    click.echo(asyncio.run(_run_digests()))


async def _agenda(named: str) -> str:
    async with installation(settings_or_exit()) as opened, opened.database.read() as db:
        try:
            meeting = await find_meeting(db, named)
        except DomainError:
            raise click.ClickException(f"There is no meeting {named!r}. {MEETING_HELP}") from None
        await on_command(opened.database, f"meeting:{meeting.id}", command="agenda show", now=opened.clock.now())
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
            except NotFound:
                raise click.ClickException(f"There is no meeting {named!r}. {MEETING_HELP}") from None
            if meeting.state not in STILL_TO_COME or meeting.starts_at <= now:
                raise click.ClickException(f"Meeting {named} is {meeting.state}: a briefing goes out before a meeting.")
            await briefings.make(tx, meeting=meeting, now=now)
        its_letters = Message.dedup_key.startswith(f"briefing:{meeting.id}:")
        before = await _count(opened.database, its_letters, Message.state == MessageState.SENT)
        await opened.worker().turn(now)
        sent = await _count(opened.database, its_letters, Message.state == MessageState.SENT) - before
        left = await _count(opened.database, its_letters, Message.state.in_(NOT_YET))
    if left:
        return f"Sent {sent} letters; {left} could not leave yet and are tried again by the site."
    return f"Sent {sent} letters." if sent else "Nothing to send: every member had it already."


async def _run_digests() -> str:
    async with installation(settings_or_exit()) as opened:
        before = await _count(opened.database, Message.state == MessageState.SENT)
        await opened.worker().turn(opened.clock.now())
        sent = await _count(opened.database, Message.state == MessageState.SENT) - before
        left = await _count(opened.database, Message.state == MessageState.DEFERRED)
    return f"Sent {sent} letters." + (f" {left} could not leave yet and are tried again by the site." if left else "")


async def _count(database: Database, *which: ColumnElement[bool]) -> int:
    async with database.read() as db:
        return await db.scalar(select(func.count()).select_from(Message).where(*which)) or 0
