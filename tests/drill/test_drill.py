"""The drill: everything that comes in is decided about over HTTP, and nothing is lost, doubled or left without answer.

CI does five hundred. As many as a national consultation had: `DRILL=13075 python -m pytest -n 0 -s tests/drill`.
"""

import os
import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import func, select

from accounts import people, sessions
from accounts.actor import Actor
from accounts.models import Person
from consultations import ideas, on_behalf, queries, rules
from consultations.ideas import Written
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.states import IdeaState
from consultations.ways_states import IntakeWay
from kernel.db import Database, batched
from kernel.events import Unrelayed
from klankbord import audit
from moderation.models import Appeal, Decision
from moderation.queries import latest_decision
from moderation.rules import mark_of
from moderation.states import BECOMES, AppealState, Outcome
from notify.models import Message
from notify.relay import relay
from tests.application import PUBLIC_URL
from tests.builders import a_moderated_consultation, a_moderator
from tests.drill.submissions import Sort, Submission, submissions
from tests.moments import NOON

NUMBER = int(os.environ.get("DRILL", "500"))
READ_EACH = 25
"""A scripted moderator opens one in so many; the mark of the others is the same that the page would send back."""
GROUNDS = {Sort.PERSONAL: "personal_data", Sort.OFF_TOPIC: "off_topic", Sort.OFFENSIVE: "insult"}
FIRST = {
    Sort.FINE: Outcome.PUBLISH,
    Sort.PERSONAL: Outcome.RETURN,
    Sort.OFF_TOPIC: Outcome.REJECT,
    Sort.OFFENSIVE: Outcome.REJECT,
}
LETTER = {Outcome.PUBLISH: "idea_published", Outcome.RETURN: "idea_returned", Outcome.REJECT: "idea_rejected"}
BETTER = "Zet bankjes bij het park, zonder dat ik hier schrijf wie ik ben."
_TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')


@dataclass
class Window:
    """A browser of which the script knows what it sends; `took` are the seconds that decisions took."""

    http: httpx.AsyncClient
    token: str = ""
    took: list[float] = field(default_factory=list)

    async def begin(self, session: str, address: str) -> None:
        """Come in as somebody, and have a token for forms."""
        self.http.cookies.set("session", session)
        found = _TOKEN.search((await self.http.get(address)).text)
        assert found
        self.token = found[1]

    async def post(self, address: str, *, key: str = "", **fields: Any) -> httpx.Response:
        """Send a form that counts once."""
        sent = {"_csrf_token": self.token, "idempotency_key": key or secrets.token_hex(16), **fields}
        return await self.http.post(address, data=sent, headers={"origin": PUBLIC_URL})


@pytest.fixture
async def windows(app: Litestar) -> Any:
    """Two moderators' browsers, and one that is for authors in turn."""
    transport: Any = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # an application it is
    made = [Window(httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, timeout=60)) for _ in range(3)]
    yield made
    for window in made:
        await window.http.aclose()


@pytest.mark.timeout(3600)
async def test_everybody_who_sends_something_in_has_one_answer(
    database: Database, windows: list[Window], capsys: pytest.CaptureFixture[str]
) -> None:
    began, worked = perf_counter(), process_time()
    anna, bram, authors = windows
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx)
        entered = []
        for _ in range(2):
            moderator = await tx.get_one(Person, (await a_moderator(tx)).person_id)
            entered.append(await sessions.begin(tx, person=moderator, carries_grants=True, now=NOON))
        moderator_id = moderator.id
    for window, (secret, _lasts) in zip((anna, bram), entered, strict=True):
        await window.begin(secret, "/moderation")
    sent = list(submissions(NUMBER))
    of_idea = await send_in(database, consultation, sent, by=moderator_id, authors=authors)
    came_in = perf_counter()

    returned, rejected = await finish(database, anna, of_idea)
    assert await revise(database, authors, returned) == len(returned[::3])
    await finish(database, bram, dict.fromkeys(returned[::3]))
    upheld, reinstated = await appeal(database, authors, bram, rejected)
    decided = perf_counter()

    await reckon(database, consultation, of_idea, revised=set(returned[::3]), reinstated=reinstated)
    took = sorted(anna.took + bram.took)
    with capsys.disabled():
        print(
            f"\nDrill: {NUMBER} submissions ({sum(one.is_sent_twice for one in sent)} sent twice),"
            f" {len(took)} decisions over HTTP, {len(returned)} returned, {len(rejected)} rejected,"
            f" {upheld + len(reinstated)} appeals;"
            f" came in within {came_in - began:.1f} s, decided in {decided - came_in:.1f} s"
            f" (computing {process_time() - worked:.1f} s in all);"
            f" a decision: median {took[len(took) // 2] * 1000:.0f} ms, p95 {quantiles(took, n=20)[-1] * 1000:.0f} ms"
        )


async def send_in(
    database: Database, consultation: Consultation, sent: list[Submission], *, by: int, authors: Window
) -> dict[int, Submission | None]:
    """On paper, online, and twice with one press: who sends twice has one idea. Returns what each idea is."""
    found: dict[int, Submission | None] = {}
    for some in batched(sent):
        async with database.write() as tx:
            own = await queries.by_id(tx, consultation.id)
            for one in (one for one in some if not one.is_sent_twice):
                written = Written(body=one.body, language=one.language)
                if one.is_paper:
                    told = on_behalf.Told(way=IntakeWay.PAPER, handed_in_at=NOON, email=one.email)
                    idea, _code = await on_behalf.enter(
                        tx, consultation=own, written=written, told=told, actor_id=by, now=NOON
                    )
                else:
                    person = await people.meet(tx, email=one.email, now=NOON)
                    person.confirmed_at = NOON
                    idea = await ideas.submit(
                        tx, actor=Actor(person_id=person.id), consultation=own, written=written, email="", now=NOON
                    )
                found[idea.id] = one
    at = f"/consultations/{consultation.slug}/ideas/new"
    for one in (one for one in sent if one.is_sent_twice):
        async with database.write() as tx:
            person = await people.meet(tx, email=one.email, now=NOON)
            person.confirmed_at = NOON
            secret, _lasts = await sessions.begin(tx, person=person, carries_grants=False, now=NOON)
        await authors.begin(secret, "/")  # any page has a form with a token
        key = secrets.token_hex(16)
        typed = {"kind": "idea", "title": "", "body": one.body, "looked": "1"}
        answers = [await authors.post(at, key=key, **typed) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303], answers[0].text[:2000]
        assert answers[0].headers["location"] == answers[1].headers["location"]
        async with database.read() as db:
            [idea_id] = await db.scalars(select(Idea.id).where(Idea.author_id == person.id))
        found[idea_id] = one
    return found


async def finish(
    database: Database, window: Window, of_idea: dict[int, Submission | None]
) -> tuple[list[int], list[int]]:
    """Take what waits longest, decide, and go on until nothing waits. Returns what went back and what was rejected."""
    returned: list[int] = []
    rejected: list[int] = []
    place = (await window.post("/moderation/next")).headers["location"]
    while found := re.match(r"/moderation/ideas/(\d+)", place):
        idea_id = int(found[1])
        one = of_idea[idea_id]
        outcome = FIRST[one.sort] if one is not None else Outcome.PUBLISH
        told = {"outcome": outcome.value, "seen": await seen(database, window, idea_id, one)}
        if outcome is not Outcome.PUBLISH and one is not None:
            told |= {"ground": GROUNDS[one.sort], "explanation": "In uw tekst staat iets dat hier niet kan."}
        before = perf_counter()
        answer = await window.post(f"/moderation/ideas/{idea_id}/decide", **told)
        window.took.append(perf_counter() - before)
        assert answer.status_code == 303, answer.text[:2000]
        place = answer.headers["location"]
        if outcome is Outcome.RETURN:
            returned.append(idea_id)
        elif outcome is Outcome.REJECT:
            rejected.append(idea_id)
    return returned, rejected


async def seen(database: Database, window: Window, idea_id: int, one: Submission | None) -> str:
    """The mark of what lies before the moderator: of a first text by itself, or as it is kept when it was revised."""
    if one is not None and idea_id % READ_EACH:
        return mark_of(rules.sha256_of(title=rules.title_from(one.body), body=one.body), None)
    async with database.read() as db:
        last = await latest_decision(db, idea_id)
        mark = mark_of((await queries.current_version(db, idea_id)).sha256, last.id if last else None)
    if idea_id % READ_EACH == 0:
        shown = _SEEN.search((await window.http.get(f"/moderation/ideas/{idea_id}")).text)
        assert shown
        assert shown[1] == mark
    return mark


async def revise(database: Database, authors: Window, returned: list[int]) -> int:
    """One in three of the authors sends a better text."""
    done = 0
    for idea_id in returned[::3]:
        async with database.write() as tx:
            receipt = await ideas.receipt_link(tx, idea_id=idea_id, now=NOON)
        answer = await authors.post(f"{receipt}/revise", title="", body=f"{BETTER} {idea_id}")
        assert answer.status_code == 303, answer.text[:2000]
        done += 1
    return done


async def appeal(database: Database, authors: Window, other: Window, rejected: list[int]) -> tuple[int, list[int]]:
    """One in two objects; another moderator reinstates every second of them. Returns how many were not, and which."""
    upheld, reinstated = 0, []
    for number, idea_id in enumerate(rejected[::2]):
        async with database.write() as tx:
            receipt = await ideas.receipt_link(tx, idea_id=idea_id, now=NOON)
        assert (await authors.post(f"{receipt}/appeal", reason="Het gaat wel over de buurt.")).status_code == 303
        async with database.read() as db:
            wanted = select(Appeal.id).join(Decision, Decision.id == Appeal.decision_id)
            [appeal_id] = await db.scalars(wanted.where(Decision.idea_id == idea_id))
        verdict = AppealState.REINSTATED if number % 2 else AppealState.UPHELD
        told = {"verdict": verdict.value, "answer": "Wij hebben opnieuw gelezen wat u schreef."}
        answer = await other.post(f"/moderation/appeals/{appeal_id}/decide", **told)
        assert answer.status_code == 303, answer.text[:2000]
        if verdict is AppealState.REINSTATED:
            reinstated.append(idea_id)
        else:
            upheld += 1
    return upheld, reinstated


async def reckon(
    database: Database,
    consultation: Consultation,
    of_idea: dict[int, Submission | None],
    *,
    revised: set[int],
    reinstated: list[int],
) -> None:
    """Nothing lost, nothing doubled, everybody answered, and the facts tell the same."""
    async with database.read() as db:
        rows = (await db.scalars(select(Idea).where(Idea.consultation_id == consultation.id))).all()
        ledger = await queries.ledger(db, consultation.id)
        newest = select(Decision.idea_id, func.max(Decision.id).label("id")).group_by(Decision.idea_id).subquery()
        standing = select(Decision.idea_id, Decision.outcome).join(newest, newest.c.id == Decision.id)
        answers = {idea_id: outcome for idea_id, outcome in await db.execute(standing)}  # noqa: C416 - rows
        taken = Counter(await db.scalars(select(Decision.idea_id)))
        versions = Counter(await db.scalars(select(IdeaVersion.idea_id)))
        open_appeals = await db.scalar(select(func.count()).where(Appeal.state == AppealState.RECEIVED))
    assert (len(rows), len({idea.author_id for idea in rows}), len({idea.number for idea in rows})) == (NUMBER,) * 3
    assert {idea.id for idea in rows} == of_idea.keys() == answers.keys()
    assert {idea.id for idea in rows if BECOMES[answers[idea.id]] is not idea.state} == set()
    again = revised | set(reinstated)
    assert {idea.id: taken[idea.id] for idea in rows} == {idea.id: 2 if idea.id in again else 1 for idea in rows}
    assert {idea_id for idea_id, many in versions.items() if many == 2} == revised
    expected = Counter({idea.id: BECOMES[FIRST[one.sort]] for idea in rows if (one := of_idea[idea.id])}.values())
    expected[IdeaState.RETURNED] -= len(revised)
    expected[IdeaState.REJECTED] -= len(reinstated)
    expected[IdeaState.PUBLISHED] += len(again)
    assert {name: many for name, many in ledger.parts.items() if many} == {
        state.value: many for state, many in expected.items() if many
    }
    assert (ledger.received, sum(ledger.routes.values()), open_appeals) == (NUMBER, ledger.published, 0)
    await reckon_letters(database, rows, of_idea, again=again)
    walk = audit.Walk()
    async for _some in audit.verify(database, walk):
        pass
    assert walk.flaws == []


async def reckon_letters(
    database: Database, rows: Sequence[Idea], of_idea: dict[int, Submission | None], *, again: set[int]
) -> None:
    """In the outbox: to each author one receipt and one answer, one more after a revision or an appeal, no other."""
    await relay(database, Deaf(), NOON)
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Unrelayed)) == 0
        sent = select(Message.facts, Message.person_id, Message.template).where(
            Message.template.in_(["idea_received", *LETTER.values()])
        )
        found = Counter((told["idea_id"], person_id, template) for told, person_id, template in await db.execute(sent))
    expected: Counter[tuple[int, int, str]] = Counter()
    for idea in rows:
        one = of_idea[idea.id]
        assert one is not None
        expected[idea.id, idea.author_id, "idea_received"] += 1
        expected[idea.id, idea.author_id, LETTER[FIRST[one.sort]]] += 1
        if idea.id in again:
            expected[idea.id, idea.author_id, "idea_published"] += 1
    assert found == expected


class Deaf:
    """Nobody has a page open."""

    def nudge(self, topic: str) -> None:
        """Not heard."""
