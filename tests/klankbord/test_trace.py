"""Who reads or exports what is not public is on record before the answer leaves, and an auditor can ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from accounts import sessions
from accounts.models import Person
from accounts.states import Role
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaState
from kernel import trace
from kernel.clock import StandingClock
from kernel.db import Database
from kernel.errors import Busy
from kernel.trace import KEPT, AccessIdea, AccessRecord, Act, Seeing
from klankbord.trace.shown import SHOWN
from klankbord.trace.witness import Witness
from tests.builders import a_moderated_consultation, a_panel, a_person, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

Browsers = Callable[[], Visitor]


@dataclass
class Work:
    """A panel with a held idea and one that waits."""

    held: Idea
    waiting: Idea
    slug: str


@pytest.fixture
async def work(database: Database) -> Work:
    async with database.write() as tx:
        panel = await a_panel(tx)
        consultation = await a_moderated_consultation(tx, panel=panel, slug="kade")
        held = await an_idea(tx, consultation=consultation, state=IdeaState.HELD)
        waiting = await an_idea(tx, consultation=consultation)
    return Work(held=held, waiting=waiting, slug="kade")


async def signed_in(visitor: Visitor, database: Database, *, role: Role | None) -> Person:
    async with database.write() as tx:
        person = await a_person(tx, role=role)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    return person


async def on_record(database: Database) -> list[AccessRecord]:
    async with database.read() as db:
        return list(await db.scalars(select(AccessRecord).order_by(AccessRecord.id)))


async def listed(database: Database) -> list[list[int]]:
    """The ideas in a list, record by record."""
    async with database.read() as db:
        rows = [(one.record_id, one.idea_id) for one in await db.scalars(select(AccessIdea))]
    return [sorted(idea for owner, idea in rows if owner == record.id) for record in await on_record(database)]


async def told(database: Database) -> list[tuple[str, str, str]]:
    return [(one.act.value, one.subject, one.roles) for one in await on_record(database)]


async def test_a_moderator_who_reads_an_idea_is_on_record_with_the_ideas_in_the_list(
    visitor: Visitor, database: Database, work: Work
) -> None:
    person = await signed_in(visitor, database, role=Role.MODERATOR)
    await visitor.open(f"/moderation/ideas/{work.held.id}?show=waiting")

    (record,) = await on_record(database)

    assert (record.act, record.subject, record.person_id) == (Act.READ, f"idea:{work.held.id}", person.id)
    assert (record.roles, record.route, record.at) == ("moderator", "queue.idea", NOON)
    assert await listed(database) == [[work.waiting.id]]


async def test_who_looks_again_within_a_minute_is_written_down_once(
    visitor: Visitor, database: Database, work: Work, clock: StandingClock
) -> None:
    await signed_in(visitor, database, role=Role.MODERATOR)
    for _ in range(3):
        await visitor.open("/moderation")
    assert len(await on_record(database)) == 1

    async with database.write() as tx:  # something else stands in the list now
        new = await an_idea(tx, consultation=await tx.get_one(Consultation, work.held.consultation_id))
    await visitor.open("/moderation")
    for wait in (timedelta(seconds=61), timedelta(hours=1)):
        clock.move(by=wait)
        await visitor.open("/moderation")

    known = work.waiting.id
    assert await listed(database) == [[known], [new.id], [], [known, new.id]]


async def test_what_is_not_shown_is_not_on_record(visitor: Visitor, database: Database, work: Work) -> None:
    for path in ("/moderation", f"/moderation/ideas/{work.held.id}", "/desk"):
        await visitor.open(path)  # sends us to sign in
    await signed_in(visitor, database, role=Role.MODERATOR)
    for path in ("/moderation/ideas/999999", "/desk/trace", "/desk/set-up"):
        await visitor.open(path)
        assert visitor.status in {403, 404}

    assert await on_record(database) == []


async def test_a_link_that_nobody_gave_out_says_so_and_leaves_no_trace(visitor: Visitor, database: Database) -> None:
    statuses = [
        (await visitor.open(f"{address}/nobody-gave-this-out")).status_code
        for address in ("/confirm", "/endorse", "/receipts", "/digests", "/blocks", "/follow", "/unsubscribe")
    ]

    assert statuses == [410] * 7
    assert (await visitor.http.options("/receipts/nobody-gave-this-out")).status_code == 204
    assert await on_record(database) == []


async def test_what_everybody_may_read_leaves_no_trace(
    visitor: Visitor, database: Database, work: Work, another: Browsers
) -> None:
    moderator = another()
    await signed_in(moderator, database, role=Role.SECRETARY)
    for browser in (visitor, moderator):
        for path in (
            "/",
            f"/consultations/{work.slug}",
            f"/consultations/{work.slug}/ideas.csv",
            "/panels",
            "/v1/panels",
        ):
            await browser.open(path)
            assert browser.status == 200

    assert await on_record(database) == []


async def test_a_draft_is_on_record_and_what_was_announced_is_not(
    visitor: Visitor, database: Database, work: Work
) -> None:
    async with database.write() as tx:
        draft = await a_moderated_consultation(tx, slug="later", state=ConsultationState.DRAFT)
    await signed_in(visitor, database, role=Role.SECRETARY)
    for path in ("/consultations/kade", "/consultations/later", "/consultations/later/ideas.csv"):
        await visitor.open(path)
        assert visitor.status == 200, path

    assert await told(database) == [
        ("read", f"consultation:{draft.id}", "secretary"),
        ("exported", f"consultation:{draft.id}", "secretary"),
    ]


async def test_who_opens_a_receipt_is_on_record_without_its_secret(
    visitor: Visitor, database: Database, work: Work
) -> None:
    async with database.write() as tx:
        link = await ideas.receipt_link(tx, idea_id=work.held.id, now=NOON)
    await visitor.open(link)

    (record,) = await on_record(database)

    assert (record.subject, record.person_id, record.roles) == (f"receipt:{work.held.id}", None, "link")
    async with database.read() as db:
        row = (await db.execute(text("SELECT * FROM access_record"))).one()
    assert link.rpartition("/")[2] not in str(row)


async def test_a_mistake_in_a_form_shows_the_idea_again_and_that_is_on_record(
    visitor: Visitor, database: Database, work: Work, clock: StandingClock
) -> None:
    await signed_in(visitor, database, role=Role.MODERATOR)
    await visitor.open(f"/moderation/ideas/{work.waiting.id}")
    clock.move(by=timedelta(minutes=2))
    answer = await visitor.http.post(
        f"/moderation/ideas/{work.waiting.id}/decide",
        data={"_csrf_token": visitor.http.cookies["csrf"]},
        headers={"origin": visitor.site},
    )

    assert answer.status_code == 422
    assert [one.route for one in await on_record(database)] == ["queue.idea", "decision.decide"]


@pytest.mark.parametrize(("broken", "status"), [(RuntimeError("disk full"), 503), (Busy(), 503)])
async def test_no_record_no_answer(
    visitor: Visitor, database: Database, work: Work, monkeypatch: pytest.MonkeyPatch, broken: Exception, status: int
) -> None:
    await signed_in(visitor, database, role=Role.MODERATOR)

    async def fail(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr(trace, "write", fail)
    await visitor.open(f"/moderation/ideas/{work.held.id}")

    assert visitor.status == status
    assert work.held.title not in visitor.text
    assert work.held.body not in visitor.text


# asking


async def test_an_auditor_finds_who_read_an_idea_in_a_list_and_by_its_receipt(
    visitor: Visitor, database: Database, work: Work, another: Browsers, clock: StandingClock
) -> None:
    moderator, auditor = another(), visitor
    who = await signed_in(moderator, database, role=Role.MODERATOR)
    await moderator.open("/moderation?show=set_aside")
    clock.move(by=timedelta(minutes=5))
    await moderator.open(f"/moderation/ideas/{work.held.id}")
    async with database.write() as tx:
        link = await ideas.receipt_link(tx, idea_id=work.held.id, now=NOON)
    await another().open(link)

    await signed_in(auditor, database, role=Role.AUDITOR)
    await auditor.open("/desk")
    await auditor.follow("Wie las wat")
    await auditor.press("Zoek op wie dit las", about="idea", which=work.held.number)

    assert auditor.status == 200
    assert f"Idee {work.held.number}" in auditor.text
    assert who.name in auditor.text
    assert "houder van een link uit een brief" in auditor.text
    assert "Wachtrij (stond in een lijst)" in auditor.text
    assert "Ontvangstpagina van idee" in auditor.text
    assert who.email not in str(auditor.page.url)


async def test_the_table_to_take_along_is_on_record_and_safe_for_spreadsheets(
    visitor: Visitor, database: Database, work: Work, another: Browsers
) -> None:
    moderator = another()
    who = await signed_in(moderator, database, role=Role.MODERATOR)
    async with database.write() as tx:
        (await tx.get_one(Person, who.id)).name = "=HYPERLINK(1)"
    await moderator.open(f"/moderation/ideas/{work.held.id}")
    await signed_in(visitor, database, role=Role.AUDITOR)
    since, until = "2026-11-23T00:00", "2026-11-24T00:00"
    await visitor.open(f"/desk/trace/readings.csv?about=idea:{work.held.id}&since={since}&until={until}")

    lines = visitor.text.splitlines()
    assert lines[0] == "\ufeffat,person,email,roles,act,subject,route,ideas_listed"
    assert lines[1].startswith("2026-11-23T12:00:00+01:00,'=HYPERLINK(1),")
    assert len(lines) == 2
    assert (await told(database))[-1] == ("exported", "trace", "auditor")


async def test_a_question_that_cannot_be_answered_is_told_beside_its_field(
    visitor: Visitor, database: Database, work: Work
) -> None:
    await signed_in(visitor, database, role=Role.AUDITOR)
    await visitor.open("/desk/trace")
    await visitor.press("Zoek op wie dit las", about="idea", which="")
    assert visitor.status == 422
    assert "Vul in om welk idee" in visitor.text
    await visitor.press("Zoek op wie dit las", about="person", which="niemand@waterveen.example")
    assert visitor.status == 422
    assert "Dit is hier niet bekend" in visitor.text
    await visitor.press("Zoek op wie dit las", about="queue", since_date="gisteren")
    assert visitor.status == 422
    for address in ("about=idea:x", "about=letters&since=2026-11-23T00:00&until=x", "about=idea:1", "before=-1"):
        await visitor.open(f"/desk/trace?{address}")
        assert visitor.status == 200


async def test_all_that_one_person_read_page_by_page(
    visitor: Visitor, database: Database, work: Work, app: Litestar
) -> None:
    async with database.write() as tx:
        reader = await a_person(tx, role=Role.MODERATOR)
        for number in range(120):
            seeing = Seeing(
                act=Act.READ, subject=f"idea:{number}", person_id=reader.id, roles=("moderator",), route="x"
            )
            await trace.write(tx, seeing, now=NOON + timedelta(seconds=number))
    await signed_in(visitor, database, role=Role.AUDITOR)
    await visitor.open("/desk/trace")
    await visitor.press("Zoek op wie dit las", about="reader", which=reader.email, until_date="2026-11-24")
    pages = 1
    while "Volgende" in visitor.text:
        await visitor.follow("Volgende")
        pages += 1

    assert pages == 3
    assert "Idee 0" in visitor.text


# keeping


async def test_the_record_is_written_once_and_goes_after_two_years(database: Database) -> None:
    long_ago = NOON - KEPT - timedelta(days=400)  # also by the clock of the database
    seeing = Seeing(
        act=Act.READ, subject="queue", ideas=(1, 2), person_id=None, roles=("moderator",), route="queue.show"
    )
    async with database.write() as tx:
        for at in (long_ago, NOON - timedelta(days=700), NOON):
            await trace.write(tx, seeing, now=at)
    for statement in (
        "UPDATE access_record SET subject = 'desk'",
        "UPDATE access_idea SET idea_id = 3",
        "DELETE FROM access_idea",
        "DELETE FROM access_record",
    ):
        with pytest.raises(IntegrityError, match=r"access_(record|idea)_"):
            async with database.write() as tx:
                await tx.execute(text(statement))

    async with database.write() as tx:
        assert await trace.sweep(tx, now=NOON + timedelta(days=4_000)) == 1
    assert [one.at for one in await on_record(database)] == [NOON - timedelta(days=700), NOON]
    assert await listed(database) == [[1, 2]] * 2


async def test_a_witness_forgets_its_memory_before_it_grows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("klankbord.trace.witness._REMEMBERED", 3)
    witness = Witness(database)
    for number in range(10):
        seeing = Seeing(act=Act.READ, subject=f"idea:{number}", person_id=1, roles=("moderator",), route="queue.idea")
        await witness.write(seeing, now=NOON)

    assert len(await on_record(database)) == 10
    assert len(witness._lately) <= 4


def test_every_subject_of_one_thing_has_its_own_name() -> None:
    assert all(("{" in address) == ("{" in subject) for address, subject in SHOWN.items())
