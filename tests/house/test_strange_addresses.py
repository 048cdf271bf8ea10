"""Numbers that no row can have and characters that no text can hold name nothing: 404 or a sentence, never 500."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from accounts import roles, sessions
from accounts.states import Role
from kernel.db import Database
from tests.builders import a_consultation, a_panel, a_person
from tests.moments import NOON
from tests.notify.stories import a_story
from tests.visitor import Visitor

NUMBERS = ("2147483648", "99999999999999999999999")
TEXTS = ("%00", "a%00b%F0%9F%AA%91")
ASKED = "&".join(
    f"{name}={value}"
    for name, value in {
        **dict.fromkeys(
            ["after", "before", "page", "theme", "version", "seen", "done", "idea"], "99999999999999999999"
        ),
        **dict.fromkeys(["q", "kind", "show", "told", "next", "token", "order", "topics", "place"], "%00"),
    }.items()
)
OF_ALL = (Role.MODERATOR, Role.AUDITOR, Role.OPERATOR)
OF_PANEL = (Role.SECRETARY, Role.CHAIR, Role.COMMISSIONER)


def addresses(app: Litestar, method: str) -> Iterator[str]:
    """Each route of a method, with what names nothing in the place of its parameters."""
    for route in app.routes:
        if (
            isinstance(route, HTTPRoute)
            and method in route.methods
            and not route.path.startswith(("/static", "/schema"))
        ):
            for number, words in zip(NUMBERS, TEXTS, strict=True):
                path = re.sub(r"\{\w+:int\}", number, route.path)
                yield re.sub(r"\{\w+(:\w+)?\}", words, path)


@pytest.fixture
async def of_all_trades(visitor: Visitor, database: Database) -> Visitor:
    """Somebody who may do everything."""
    async with database.write() as tx:
        await a_consultation(tx, slug="buurt")
        panel = await a_panel(tx)
        person = await a_person(tx)
        for role in OF_ALL:
            await roles.grant(tx, person=person, role=role, panel_id=None, now=NOON)
        for role in OF_PANEL:
            await roles.grant(tx, person=person, role=role, panel_id=panel.id, now=NOON)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    return visitor


async def test_no_address_is_too_strange_to_read(app: Litestar, of_all_trades: Visitor) -> None:
    failed = []
    for address in dict.fromkeys(addresses(app, "GET")):
        for asked in (address, f"{address}?{ASKED}"):
            answer = await of_all_trades.open(asked)
            if answer.status_code >= 500:
                failed.append(asked)
    assert failed == []


async def test_no_address_is_too_strange_to_send_to(app: Litestar, of_all_trades: Visitor) -> None:
    await of_all_trades.open("/sign-in")
    token = of_all_trades.forms[-1].fields["_csrf_token"][0]
    failed = []
    for address in dict.fromkeys(addresses(app, "POST")):
        answer = await of_all_trades.http.post(
            address, data={"_csrf_token": token}, headers={"origin": of_all_trades.site}
        )
        if answer.status_code >= 500:
            failed.append(address)
    assert failed == []


@pytest.mark.parametrize("typed", ["a\x00b", "99999999999999999999"])
async def test_no_form_breaks_on_what_is_typed(
    app: Litestar, database: Database, of_all_trades: Visitor, typed: str
) -> None:
    """Every form within a few links of the front page and the desk, each of its fields filled with this."""
    async with database.write() as tx:
        await a_story(tx)
    ahead, seen, sent, failed = ["/", "/desk"], set[str](), set[str](), []
    while ahead and len(seen) < 120:
        address = ahead.pop(0)
        shape = re.sub(r"\d+", "0", address.partition("?")[0])
        if shape in seen:
            continue
        seen.add(shape)
        await of_all_trades.open(address)
        page = of_all_trades.page
        ahead += [
            link.partition("#")[0] for _, link in of_all_trades.links if link.startswith("/") and "sign-out" not in link
        ]
        for form in of_all_trades.forms:
            target = re.sub(r"\d+", "0", form.action or address)
            if target in sent or "sign-out" in target:
                continue
            sent.add(target)
            kept = {"_csrf_token", "idempotency_key"}
            fields = {name: values if name in kept else typed for name, values in form.fields.items()}
            fields |= {name: value for name, value, _ in form.buttons[:1] if name}
            to, headers = form.action or page.url.path, {"origin": of_all_trades.site}
            if form.method.lower() == "post":
                answer = await of_all_trades.http.post(to, data=fields, headers=headers)
            else:
                answer = await of_all_trades.http.get(to, params=fields)
            if answer.status_code >= 500:
                failed.append(form.action)
    assert failed == []
    assert len(sent) > 12
