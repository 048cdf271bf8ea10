"""Every field of every form takes every payload: an answer, never a failure; nothing half kept; nothing that acts."""

import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import count, cycle
from typing import Any

import pytest
from httpx import Response
from litestar import Litestar
from selectolax.lexbor import LexborHTMLParser

from kernel.db import Database
from kernel.forms import Form
from kernel.settings import Settings
from tests.fuzz.pages import FormOnPage, forms_on
from tests.hostile import showing, town
from tests.hostile.corpus import corpus
from tests.hostile.rehearsal import Rehearsal
from tests.hostile.shapes import OUR_LINK
from tests.hostile.test_redirects import is_here
from tests.house.tree import PLATFORM, import_everything, modules, subclasses
from tests.visitor import Visitor

KEYS = {"_csrf_token", "idempotency_key"}
OWN_BOOKS = {"allowance", "idempotency", "access_record", "spent_ticket"}
"""Tables in which a request leaves a mark whatever is answered."""
NOT_BY_FORM = {
    "workbench.make": "has no field but the choice of a consultation, and starts the machine",
    "live.ticket": "has no field; asked for by a script",
}
"""Routes that take a POST and are left out here, each with its reason."""
CHOICES: dict[str, Iterator[str]] = {
    "outcome": cycle(["publish", "reject", "return", "hold", "remove", "discussed", "postponed", "kept"]),
    "verdict": cycle(["dismissed", "upheld", "reinstated", "released", "kept"]),
    "state": cycle(["accepted", "partly", "rejected", "deferred"]),
    "ground": cycle(["off_topic", "insult", "several"]),
    "role": cycle(["secretary", "chair", "moderator", "auditor"]),
    "kind": cycle(["idea", "experience", "citizen", "partner"]),
    "entry": cycle(["lot", "appointed"]),
    "route": cycle(["discussed", "next_meeting"]),
    "cadence": cycle(["daily", "at_once"]),
    "email": cycle(["jo@waterveen.example", "an@waterveen.example"]),
    "contact_email": cycle(["jo@waterveen.example"]),
    "minutes": cycle(["20"]),
    "minutes_long": cycle(["120"]),
    "seen": cycle(["1", "2"]),
    "good_faith": cycle(["1"]),
    "sure": cycle(["1"]),
    "starts_date": cycle(["2027-03-04"]),
    "starts_time": cycle(["19:30"]),
    "votes_for": cycle(["20"]),
    "votes_against": cycle(["3"]),
    "idea_id": cycle(["1", "2", "9"]),
    "theme_id": cycle(["1", "2"]),
    "into_id": cycle(["2", "1"]),
    "slug": cycle(["buurt", "elders"]),
}
"""What is chosen rather than typed, where no page says what there is to choose from."""
LEADS_OFF = re.compile(r"(?!http://panel\.test[/#?]|mailto:[^?]+@)(?:[a-z][a-z0-9+.-]*:|//|\\)", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """A form somewhere: the route that it goes to, and as whom."""

    route: str
    address: str
    form: FormOnPage
    session: str

    @property
    def fields(self) -> list[str]:
        """What can be typed into, hidden fields too."""
        return [name for name, _ in self.form.fields if name and name not in KEYS and name not in self.form.choices]


def routes(app: Litestar) -> list[tuple[str, re.Pattern[str]]]:
    """Every route that takes a POST, with what its addresses look like."""
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if "POST" in getattr(handler, "http_methods", ()):
                shape = re.sub(r"\\\{[\w:]+\\\}", "[^/]+", re.escape(route.path_format))
                found.append((str(handler.name), re.compile(f"^{shape}/?$")))
    return sorted(found, key=lambda one: one[1].pattern.count("[^/]+"))


@pytest.fixture
async def database(migrated_database: str) -> AsyncIterator[Database]:
    """One that can do as if."""
    rehearsal = Rehearsal(migrated_database)
    yield rehearsal
    await rehearsal.close()


async def targets(app: Litestar, built: town.Town, found: list[showing.Shown]) -> list[Target]:
    """One form for each route and each set of fields, for somebody who may do everything and for a stranger."""
    known = routes(app)
    unique: dict[tuple[Any, ...], Target] = {}
    for shown, session in zip(found, (built.session, ""), strict=True):
        for address, page in shown.pages.items():
            for form in forms_on(page):
                goes_to = next((there for _, _, there in form.buttons if there), form.action or address).partition("?")[
                    0
                ]
                route = next(
                    (name for name, shape in known if shape.match(goes_to)), f"GET {address.partition('?')[0]}"
                )
                target = Target(route if form.method == "POST" else f"GET {goes_to}", goes_to, form, session)
                unique.setdefault((target.route, tuple(sorted(target.fields)), bool(session)), target)
    return [one for one in unique.values() if one.route not in NOT_BY_FORM]


@cache
def every_name(room: str) -> frozenset[str]:
    """The name of every field that a form of this room knows."""
    import_everything()
    forms = [form for form in subclasses(Form) if form.__module__.partition(".")[0] == room]
    named = {one.name for form in forms for one in fields(form)} - {"errors"}
    read = re.compile(r"""\b(?:line|text|name|email|ticked|whole_number|several)\(\w+, f?"([a-z_]+)""")
    mine = [path for path in modules() if path.relative_to(PLATFORM).parts[0] == room]
    named |= {name for path in mine for name in read.findall(path.read_text(encoding="utf-8"))}
    moments = {f"{name}_{part}" for name in ("opens", "closes", "starts") for part in ("date", "time")}
    return frozenset(named | moments)


def by_address(app: Litestar, built: town.Town) -> Iterator[Target]:
    """Every route that takes a POST: what no link here leads to is sent every field that there is."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if "POST" in getattr(handler, "http_methods", ()):
                room = handler.fn.__module__.partition(".")[0]
                known = [("_csrf_token", ""), *((name, "") for name in sorted(every_name(room)))]
                form = FormOnPage("", "POST", known)
                yield Target(str(handler.name), route.path, form, built.session)


def address_of(target: Target, turn: int, built: town.Town) -> str:
    """Where the form goes this time: another row, another panel, another secret in each turn."""
    address = re.sub(r"\{\w+:int\}", str(1 + turn % 30), target.address)
    address = re.sub(r"\{secret(:\w+)?\}", built.secrets[turn % len(built.secrets)], address)
    return re.sub(r"\{\w+(:\w+)?\}", ("buurt", "waterveen", "vraag-draft", "later")[turn % 4], address)


def filled(target: Target, payloads: Iterator[str], *, everything: bool) -> dict[str, Any]:
    """The form with payloads in what can be typed; with `everything` also where something is to be chosen."""
    values: dict[str, Any] = {name: value for name, value in target.form.fields if name}
    for name, options in target.form.choices.items():
        values.setdefault(name, next((one for one in options if one), "1"))
    for name in target.fields if not everything else [name for name in values if name not in KEYS]:
        is_number = target.form.kinds.get(name) == "hidden" and str(values[name]).isdigit()
        if everything or not is_number:
            values[name] = next(payloads)
    if not target.form.buttons and not everything:
        values |= {name: next(among) for name, among in CHOICES.items() if name in values}
    button = next(((name, value) for name, value, _ in target.form.buttons if name), None)
    return values | ({button[0]: button[1]} if button else {})


def complaints(answer: Response, tags: set[str]) -> Iterator[str]:
    """What is wrong with an answer, whatever was sent."""
    if answer.status_code >= 500:
        yield f"answered {answer.status_code}"
    if not is_here(answer.headers.get("location", "/")):
        yield f"leads to {answer.headers['location']!r}"
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return
    for node in LexborHTMLParser(answer.text).css("*"):
        given = {name: value or "" for name, value in node.attributes.items()}
        wild = [name for name in given if name.startswith("on") or name in {"style", "srcdoc", "is", "http-equiv"}]
        led = [given[name] for name in ("href", "src", "action", "formaction", "data-src", "content") if name in given]
        is_text = given.get("rel") == OUR_LINK
        off = [there for there in led if LEADS_OFF.match(there.strip())]
        if node.tag not in tags or wild or (off and not is_text):
            yield f"holds {(node.html or '')[:160]!r}"


@pytest.mark.timeout(7200)
async def test_every_form_answers_whatever_is_typed(
    database: Rehearsal, settings: Settings, app: Litestar, visitor: Visitor, is_full: bool
) -> None:
    built = await town.build(database, settings)
    stranger = await showing.walk(visitor, built, of_a_kind=2)
    visitor.http.cookies.set("session", built.session)
    found = [await showing.walk(visitor, built, of_a_kind=2), stranger]
    tags = {
        node.tag or "" for shown in found for page in shown.pages.values() for node in LexborHTMLParser(page).css("*")
    }
    all_targets = await targets(app, built, found)
    by_link = {one.route for one in all_targets}
    all_targets += [one for one in by_address(app, built) if one.route not in by_link and one.route not in NOT_BY_FORM]
    assert {name for name, _ in routes(app)} - {one.route for one in all_targets} - set(NOT_BY_FORM) == set()
    assert {"title", "body", "shown_name"} < every_name("consultations")
    database.is_on = True
    wrong: list[str] = []
    sent, answers, numbers = count(), dict[int, int](), count()
    turns = int(os.environ.get("HOSTILE_TURNS", len(corpus()) if is_full else 1))
    for target in all_targets:
        await visitor.open("/sign-in")
        token = visitor.forms[0].fields["_csrf_token"][0]
        for turn in range(turns * (1 if target.form.buttons else 2) + 1):
            longest = 40_000 // (1 + len(target.fields)) if turn % 4 else 200
            payloads = (corpus()[next(numbers) % len(corpus())][:longest] for _ in count())
            values = filled(target, payloads, everything=turn == 0)
            values |= {"_csrf_token": token} if "_csrf_token" in values else {}
            values |= {"idempotency_key": f"{next(sent):020}"} if "idempotency_key" in values else {}
            values = {name: str(value).encode(errors="ignore").decode() for name, value in values.items()}
            database.written.clear()
            answer = await send(visitor, target, address_of(target, turn, built), values)
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
            wrong += [f"{target.route}: {one}: {values!a}"[:500] for one in complaints(answer, tags)]
            if answer.status_code == 422 and (halves := set(database.written) - OWN_BOOKS):
                wrong.append(f"{target.route}: refused, but wrote {sorted(halves)}")
    tried, told = {(one.route, field) for one in all_targets for field in one.fields}, dict(sorted(answers.items()))
    print(f"{len(all_targets)} forms, {len(tried)} fields, {sum(answers.values())} sendings, answered {told}")
    if wrong:
        pytest.fail("\n".join(wrong[:40]), pytrace=False)


async def send(visitor: Visitor, target: Target, address: str, values: dict[str, Any]) -> Response:
    """As this person, whatever the answer before did to the cookies."""
    for cookie in [one for one in visitor.http.cookies.jar if one.name == "session"]:
        visitor.http.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    if target.session:
        visitor.http.cookies.set("session", target.session)
    if target.form.method == "GET":
        asked = {name: value[:2_000] for name, value in values.items()}
        return await visitor.http.get(address, params=asked, follow_redirects=False)
    headers = {"origin": visitor.site}
    return await visitor.http.post(address, data=values, headers=headers, follow_redirects=False)
