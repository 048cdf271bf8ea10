"""Forms that are not of this site (T2), for every unsafe route of the live application; and other methods (F13)."""

from collections.abc import Iterator
from itertools import cycle

import pytest

from tests.access.asking import BESIDE, Answer
from tests.access.conftest import Site
from tests.access.forms import filled
from tests.access.matrix import Line
from tests.access.people import EVERYBODY
from tests.access.test_matrix import LINES
from tests.access.walk import ask

EXEMPT = {
    "unsubscribe.now": "one click in a mail program (RFC 8058), which knows no token: the signed address is all it has",
}
"""Unsafe routes that take a form without a token, and why."""
SWITCHED_OFF = {"translation.make": "hidden until the operator names a service that translates"}
"""Unsafe routes that do nothing for anybody on this site, and why; a forged form gets no further there either."""
ELSEWHERE = ("https://evil.example", "null", "http://panel.test.evil.example", "http://panel.test:81")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")


def unsafe(site: Site) -> Iterator[tuple[Line, str]]:
    """Every route that takes a form, about something where somebody gets something done, and who that is."""
    for route, (method, _) in site.routes.items():
        if method == "POST":
            lines = [line for line in LINES if line.route == route]
            found = [
                (line, person)
                for wanted in ("done", "nothing", "asked", *(["hidden"] if route in SWITCHED_OFF else []))
                for line in lines
                for person in EVERYBODY
                if line.met[person] == wanted
            ]
            assert found, f"nobody gets anything done on {route}"
            yield found[0]


async def forged(site: Site, line: Line, person: str) -> dict[str, Answer]:
    """The same form as a forger would have it sent by somebody who is signed in here."""
    _, template = site.routes[line.route]
    address = site.town.address(template, *line.things) + site.town.query(line.query, *line.things)
    form, who = filled(line.route, site.town, *line.things), site.town.people[person]
    others = await site.asker.take_token()
    behind = f"{address}{'&' if '?' in address else '?'}_csrf_token={site.asker.token}"
    post = site.asker.ask
    from_elsewhere = {
        origin: await post("POST", address, who=who, form=form, headers={"origin": origin}) for origin in ELSEWHERE
    }
    return from_elsewhere | {
        "no token": await post("POST", address, who=who, form=form, token=""),
        "wrong token": await post("POST", address, who=who, form=form, token="a" * len(site.asker.token)),
        "another's token": await post("POST", address, who=who, form=form, token=others),
        "no cookie": await post("POST", address, who=who, form=form, csrf_cookie=""),
        "token behind the address": await post("POST", behind, who=who, form=form, token=""),
        "from a page elsewhere": await post(
            "POST", address, who=who, form=form, headers={"sec-fetch-site": "cross-site"}
        ),
        "from a neighbour": await post("POST", address, who=who, form=form, headers={"sec-fetch-site": "same-site"}),
    }


async def test_no_form_that_is_not_of_this_site_does_anything(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    wrong: list[str] = []
    count, routes = 0, list(unsafe(site))
    for line, person in routes:
        if line.route in EXEMPT:
            continue
        for how, answer in (await forged(site, line, person)).items():
            count += 1
            if answer.status != 403 or answer.written:
                wrong.append(f"{line.route} as {person}, {how}: {answer.status}, writes {sorted(answer.written)}")
    with capsys.disabled():
        print(
            f"\nForged forms: {count} of {len(routes) - len(EXEMPT)} routes, {len(EXEMPT)} exempt; {len(wrong)} wrong"
        )
    assert wrong == []


async def test_only_what_is_listed_is_exempt_and_it_needs_its_signature(site: Site) -> None:
    answered = {}
    for line, person in unsafe(site):
        answer = (await ask(site, line, person, token="")).answer
        if answer.status != 403:
            answered[line.route] = answer.status

    assert answered == dict.fromkeys(EXEMPT, 200)
    made_up = await site.asker.ask("POST", "/unsubscribe/WzEsImFsbCJd.AAAA", token="")
    assert (made_up.status, made_up.written) == (410, frozenset())


async def test_no_other_method_does_anything(site: Site) -> None:
    wrong = []
    for template in sorted({template for _, template in site.routes.values()}):
        about = next(line for line in LINES if site.routes[line.route][1] == template)
        address = site.town.address(template, *about.things)
        for method in OTHER_METHODS:
            answer = await site.asker.ask(method, address, who=site.town.people["operator"])
            if answer.status not in {403, 404, 405, 501} or answer.written:
                wrong.append(f"{method} {address}: {answer.status}, writes {sorted(answer.written)}")
    assert wrong == []


async def test_head_answers_like_get_without_a_body_and_changes_nothing(site: Site) -> None:
    wrong = []
    first_lines = {line.route: line for line in reversed(LINES) if site.routes[line.route][0] == "GET"}
    for line, person in zip(
        first_lines.values(), cycle(("anonymous", "secretary", "auditor", "resident")), strict=False
    ):
        seen, asked = await ask(site, line, person), await ask(site, line, person, method="HEAD")
        changed = asked.answer.written - BESIDE
        if (asked.answer.status, asked.answer.body, changed) != (seen.answer.status, b"", frozenset()):
            wrong.append(f"{asked}: {asked.answer.status}, {len(asked.answer.body)} bytes")
    assert wrong == []
