"""For the auditor: who read or exported something between two moments. Asking is on record as well."""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Controller, get, post
from litestar.response import Redirect, Stream, Template

from accounts.access import Permission
from accounts.inject import requires
from consultations.exports import csv_line
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.i18n import gettext
from kernel.inject import Asked, Config, Db, Doors, FormData, Now
from klankbord.trace import question as questions
from klankbord.trace.forms import QuestionForm, question_from, wall
from klankbord.trace.names import ACTS, roles_in_words, subject_in_words
from klankbord.trace.pages import Answer, Line, TracePage
from klankbord.trace.question import PAGE, Question, Reading

PATH = "/desk/trace"
COLUMNS = ("at", "person", "email", "roles", "act", "subject", "route", "ideas_listed")


class Trace(Controller):
    """Who read what."""

    path = PATH
    guards = [requires(Permission.READ_TRACE)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="trace.show")
    async def show(self, db: Db, request: Asked, now: Now, settings: Config) -> Template:
        """The form; with a question in the address, the answer as well."""
        asked = question_from(request.query_params, settings.zone)
        if asked is None:
            return _page(QuestionForm.fresh(now, settings.zone), None).response()
        before = request.query_params.get("before", "")
        answer = await _answer(db, asked, before=int(before) if _is_id(before) else None, zone=settings.zone)
        return _page(QuestionForm.of(asked, settings.zone, which=answer.which), answer).response()

    @post(name="trace.ask", status_code=303)
    async def ask(self, db: Db, data: FormData, settings: Config) -> Template | Redirect:
        """Find out what is meant, so that no e-mail address stands in an address of ours."""
        form = QuestionForm.parse(data, settings.zone)
        about = None
        if not form.errors:
            about = await questions.subject_named(db, form.about, form.which)
            if about is None:
                form.errors["which"] = gettext("Dit is hier niet bekend. Kijk of u het precies zo hebt overgenomen.")
        if about is None or form.since is None or form.until is None:
            return _page(form, None).response(422)
        asked = Question(about=about, since=form.since, until=form.until)
        return Redirect(f"{PATH}?{_address(asked, settings.zone)}#answer", status_code=303)

    @get("/readings.csv", name="trace.csv")
    async def csv(self, request: Asked, database: Doors, settings: Config) -> Stream:
        """The whole answer as a table."""
        asked = question_from(request.query_params, settings.zone)
        if asked is None:
            raise NotFound

        async def written() -> AsyncIterator[str]:
            yield "\ufeff" + csv_line(COLUMNS)
            async with database.read() as db:
                async for reading in questions.all_readings(db, asked):
                    yield csv_line(cells(reading, settings.zone))

        headers = {"content-disposition": 'attachment; filename="wie-las-wat.csv"'}
        return Stream(written(), media_type="text/csv", headers=headers)


def cells(reading: Reading, zone: ZoneInfo) -> tuple[str, ...]:
    """One record as a row: what machines read, with the moment in the municipality's time."""
    record, person = reading.record, reading.person
    return (
        record.at.astimezone(zone).isoformat(timespec="seconds"),
        person.name if person else "",
        person.email if person else "",
        record.roles,
        record.act.value,
        record.subject,
        record.route,
        " ".join(str(one) for one in reading.listed),
    )


def _page(form: QuestionForm, answer: Answer | None) -> TracePage:
    roles = {reader.roles: roles_in_words(reader.roles) for reader in answer.readers} if answer else {}
    return TracePage(form=form, answer=answer, roles=roles)


def _is_id(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 12


def _address(asked: Question, zone: ZoneInfo, **more: object) -> str:
    told = {"about": asked.about, "since": wall(asked.since, zone), "until": wall(asked.until, zone)}
    return urlencode({**told, **more})


async def _answer(db: ReadSession, asked: Question, *, before: int | None, zone: ZoneInfo) -> Answer:
    found = await questions.readings(db, asked, before=before)
    shown = found[:PAGE]
    numbers = await questions.numbers_of(db, [one.record for one in shown], about=asked.about)
    here = f"{PATH}?{_address(asked, zone)}"
    return Answer(
        about=subject_in_words(asked.about, numbers),
        which=numbers.get(asked.number, "") if asked.kind == "idea" else asked.about.partition(":")[2],
        since=asked.since,
        until=asked.until,
        readers=await questions.readers(db, asked) if before is None else (),
        lines=[_line(one, asked, numbers) for one in shown],
        next_url=f"{PATH}?{_address(asked, zone, before=shown[-1].record.id)}#answer" if len(found) > PAGE else "",
        first_url=f"{here}#answer" if before is not None else "",
        csv_url=f"{PATH}/readings.csv?{_address(asked, zone)}",
    )


def _line(reading: Reading, asked: Question, numbers: Mapping[int, str]) -> Line:
    record, person = reading.record, reading.person
    itself = {asked.about, f"receipt:{asked.number}"}
    return Line(
        at=record.at,
        who=(person.name or person.email) if person else "",
        roles=roles_in_words(record.roles),
        act=gettext(ACTS[record.act]),
        subject=subject_in_words(record.subject, numbers),
        is_listed=asked.kind == "idea" and record.subject not in itself,
    )
