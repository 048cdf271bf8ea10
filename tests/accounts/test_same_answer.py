"""Forms that take an address: whether it is known tells neither the answer nor the time that it takes.

Time is counted as what our process works, whatever else the machine does meanwhile. In the long form it is also read
from the clock, on a machine that does nothing else: ASKS=1000 pytest -n 0 -s tests/accounts/test_same_answer.py
"""

import gc
import os
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter, process_time

import httpx
import pytest
from litestar import Litestar

from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from kernel.idempotency import FIELD, new_key
from tests.builders import a_moderated_consultation, a_panel, a_person, an_idea
from tests.visitor import Visitor

ASKS = int(os.environ.get("ASKS", "40"))
"""Addresses of each kind."""
LONG_FORM = 1000
AT_MOST = 0.005
"""Seconds between the medians; the network between us and who measures shakes more than that."""
BODY = "Zet om de honderd meter een bankje, dan kan mijn moeder weer een rondje lopen."

Page = Callable[[WriteSession], Awaitable[tuple[str, str, dict[str, str]]]]


async def _sign_in(_tx: WriteSession) -> tuple[str, str, dict[str, str]]:
    return "/sign-in", "Stuur mij een link", {}


async def _follow(tx: WriteSession) -> tuple[str, str, dict[str, str]]:
    panel = await a_panel(tx)
    return f"/follow?topic=panel&topic_id={panel.id}", "Houd mij op de hoogte", {}


async def _support(tx: WriteSession) -> tuple[str, str, dict[str, str]]:
    consultation = await a_moderated_consultation(tx, slug="kade")
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    return f"/ideas/{idea.id}", "Ik steun dit idee", {}


async def _send_in(tx: WriteSession) -> tuple[str, str, dict[str, str]]:
    await a_moderated_consultation(tx, slug="kade")
    return "/consultations/kade/ideas/new", "Verstuur uw idee", {"body": BODY}


FORMS: dict[str, Page] = {"sign in": _sign_in, "follow": _follow, "support": _support, "send in": _send_in}


class Asker:
    """Fills one form in for address after address, each from a network of its own."""

    def __init__(self, app: Litestar, visitor: Visitor, action: str, fields: dict[str, list[str]]) -> None:
        self.app, self.visitor, self.action, self.fields = app, visitor, action, fields
        self.number = 0

    async def ask(self, email: str) -> tuple[float, float, httpx.Response]:
        """How long our process worked, how long the answer took, and the answer."""
        self.number += 1
        network = (f"10.{self.number // 60_000}.{self.number // 250 % 240}.{self.number % 250 + 1}", 4000)
        transport = httpx.ASGITransport(app=self.app, client=network)  # type: ignore[arg-type]  # an ASGI app
        headers = {"origin": self.visitor.site}
        sent = {**self.fields, "email": [email], FIELD: [new_key()]}
        async with httpx.AsyncClient(
            transport=transport, base_url=self.visitor.site, cookies={"csrf": self.visitor.http.cookies["csrf"]}
        ) as http:
            begun, worked = perf_counter(), process_time()
            answer = await http.post(self.action, data=sent, headers=headers)
            return process_time() - worked, perf_counter() - begun, answer


async def an_asker(app: Litestar, visitor: Visitor, database: Database, form: str) -> Asker:
    async with database.write() as tx:
        address, button, typed = await FORMS[form](tx)
        for number in range(ASKS + 1):
            await a_person(tx, email=f"bekend{number}@waterveen.example")
    await visitor.open(address)
    [found] = [one for one in visitor.forms if any(button in text for *_, text in one.buttons)]
    fields = {name: values for name, values in found.fields.items() if values}
    return Asker(app, visitor, found.action, fields | {name: [value] for name, value in typed.items()})


@pytest.mark.timeout(120 + ASKS)
@pytest.mark.parametrize("form", FORMS)
async def test_known_and_unknown_addresses_get_the_same_answer_in_the_same_time(
    app: Litestar, visitor: Visitor, database: Database, form: str
) -> None:
    asker = await an_asker(app, visitor, database, form)
    worked: dict[str, list[float]] = {"bekend": [], "vreemd": []}
    waited: dict[str, list[float]] = {"bekend": [], "vreemd": []}
    answers = {}
    for kind in worked:  # the first of each kind warms up
        *_, answers[kind] = await asker.ask(f"{kind}{ASKS}@waterveen.example")
    gc.collect()
    gc.disable()
    try:
        for number in range(ASKS):
            for kind in sorted(worked, reverse=number % 2 == 1):
                work, wait, answer = await asker.ask(f"{kind}{number}@waterveen.example")
                worked[kind].append(work)
                waited[kind].append(wait)
                assert answer.status_code == answers[kind].status_code < 400, answer.text
    finally:
        gc.enable()

    print(f"{form}: {ASKS} each, in ms: worked {told(worked)}, waited {told(waited)}")
    assert apart(worked) < AT_MOST
    if ASKS >= LONG_FORM:
        assert apart(waited) < AT_MOST
    assert shape_of(answers["bekend"]) == shape_of(answers["vreemd"])


def apart(times: dict[str, list[float]]) -> float:
    return abs(median(times["bekend"]) - median(times["vreemd"]))


def told(times: dict[str, list[float]]) -> str:
    known, unknown = (median(times[kind]) * 1000 for kind in ("bekend", "vreemd"))
    return f"{known:.2f} known, {unknown:.2f} unknown"


def shape_of(answer: httpx.Response) -> tuple[int, list[str], str, str]:
    """The answer without the address and without what is different in every answer."""
    visitor = Visitor(site="http://panel.test")
    visitor.page = answer
    text = answer.text.replace("bekend", "ADRES").replace("vreemd", "ADRES")
    for form in visitor.forms:
        for secret in (*form.fields.get(FIELD, ()), *form.fields.get("_csrf_token", ())):
            text = text.replace(secret, "SLEUTEL")
    cookies = sorted(cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie"))
    return answer.status_code, cookies, answer.headers.get("location", ""), text
