"""Sends rubbish in every role to every route: as a form from a real page, or as no page ever would."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, urlencode

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.fuzz import rubbish
from tests.fuzz.cast import ROLES
from tests.fuzz.oracle import complaints, secrets_in
from tests.fuzz.pages import FormOnPage, forms_on, links_on
from tests.fuzz.rubbish import a_value
from tests.fuzz.site import MAY_BE_WRITTEN, Site
from tests.fuzz.wire import LONGEST, Answer, Sent, ask

SLUGS = ("waterveen", "buurt", "vraag-draft", "vraag-suspended", "gesloten", "straks", "elders", "later", "BUURT", "x")
FILES = ("app.css", "app.css/x", "live.js/..", "icons", "a" * 300, "a/" * 2_100, "../pyproject.toml", "nothing.js")
STARTS = (
    "/",
    "/desk",
    "/panels",
    "/consultations/buurt",
    "/recommendations",
    "/following",
    "/moderation",
    "/desk/set-up",
)
ASKED = ("after", "before", "page", "theme", "version", "seen", "done", "idea", "q", "kind", "show", "told", "next",
         "token", "order", "topics", "place", "fragment", "late", "corrected", "limit", "cursor", "topic")  # fmt: skip
SLOW = re.compile(r"^/desk/themes/[^/]+/make")
"""Starts the process that groups ideas: seldom, and without a limit of seconds."""
_USUAL = {
    "": ("Zet hier een bankje neer, graag.", "Omdat het niet over de vraag gaat.", "Trottoirs"),
    "email": ("nieuw@waterveen.example", "steun@waterveen.example", "resident@waterveen.example"),
    "date": ("2026-12-01", "2026-12-20", "2027-01-15", "2026-11-30"),
    "time": ("09:00", "12:00", "19:30"),
    "number": ("1", "10", "30", "60", "75"),
}
"""What people would fill in, by the kind of field."""
Fields = list[tuple[str, str]]


@dataclass
class Crowd:
    """Everybody, throwing the same dice for the same seed. `found` holds what went wrong, with what was sent."""

    site: Site
    dice: Random
    found: list[str] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    met: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=lambda: list(rubbish.MORE_NAMES))
    addresses: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    csrf: dict[str, str] = field(default_factory=dict)

    async def begin(self) -> None:
        """Everybody signs in and looks at the first pages."""
        await self.site.stock.cast.arrive(self.site.database)
        self.routes = _routes(self.site)
        for role in ROLES:
            for start in STARTS:
                await self.look(role, start)

    async def one(self) -> None:
        """One case: in some role, something that should be refused, or taken as what it is."""
        role = self.dice.choice(ROLES)
        for_form = self.dice.random() < 0.7
        sent = (await self.from_a_page(role) if for_form else None) or self.out_of_the_blue(role)
        if SLOW.match(sent.target) and self.dice.random() < 0.95:
            sent = self.out_of_the_blue(role)
        if self.dice.random() < 0.15:
            self.disturb(sent)
        await self.send(role, sent)
        if not await self.site.stock.cast.is_in(self.site.database, role):
            await self.site.stock.cast.sign_in(self.site.database, role)

    # what is sent

    async def from_a_page(self, role: str) -> Sent | None:
        """A form of a page that this role can open, with a field or two spoiled; None when that page has none."""
        shapes = self.addresses[role]
        answer, address = Answer(), "/"
        for _ in range(4):
            address = self.dice.choice(shapes[self.dice.choice(list(shapes))])
            answer = await self.look(role, address)
            if forms := [one for one in forms_on(answer.text) if not re.search("sign-out|language", one.action)]:
                break
        else:
            return None
        form = self.dice.choice(forms)
        fields = self.filled(form)
        for _ in range(self.dice.choice((0, 1, 1, 1, 2, 3))):
            fields = self.spoil(fields)
        target = form.action or address
        if form.buttons:
            name, value, to = self.dice.choice(form.buttons)
            fields, target = [*fields, (name, value)] if name else fields, to or target
        if form.method == "GET":
            return Sent("GET", f"{target.partition('?')[0]}?{_encoded(fields)}", self.headers(role))
        return Sent("POST", target, [*self.headers(role), *_FORM], _encoded(fields).encode())

    def filled(self, form: FormOnPage) -> Fields:
        """What stands in the form; empty texts get words, and something else is chosen now and then."""
        fields: Fields = []
        for name, value in form.fields:
            if name in form.choices and self.dice.random() < 0.5:
                value = self.dice.choice(form.choices[name] or [value])
            elif not value and form.kinds.get(name) != "hidden" and self.dice.random() < 0.85:
                value = self.dice.choice(_USUAL.get(form.kinds.get(name, ""), _USUAL[""]))
            fields.append((name, value))
        fields += [
            (name, self.dice.choice(values))
            for name, values in form.choices.items()
            if values and not any(known == name for known, _ in fields) and self.dice.random() < 0.6
        ]
        self.names += [name for name, _ in fields if name not in self.names]
        return fields

    def spoil(self, fields: Fields) -> Fields:
        """One thing wrong: a field missing, twice, with rubbish in it, or one that the form does not have."""
        ours = [at for at, (name, _) in enumerate(fields) if name != "_csrf_token"]
        at = self.dice.choice(ours) if ours else None
        how = self.dice.random()
        if at is None or how < 0.12:
            return [*fields, (name := self.dice.choice(self.names), a_value(self.dice, name))]
        name, value = fields[at]
        if how < 0.22:
            return fields[:at] + fields[at + 1 :]
        if how < 0.32:
            return [*fields, (name, a_value(self.dice, name, value))]
        if how < 0.36:
            return [(known if known != name else f"{name}[]", told) for known, told in fields]
        return [*fields[:at], (name, a_value(self.dice, name, value)), *fields[at + 1 :]]

    def out_of_the_blue(self, role: str) -> Sent:
        """To any route, by any method, with anything in it."""
        route = self.dice.choice(self.routes)
        target = re.sub(r"\{(\w+)(?::(\w+))?\}", lambda part: self.in_path(part[1], part[2] or ""), route.path)
        if self.dice.random() < 0.03:
            target = self.dice.choice(("//", "/./", "/..;", "/%2e%2e/", "/;")) + target.lstrip("/")
        if self.dice.random() < 0.4:
            told = [(name := self.dice.choice(ASKED), a_value(self.dice, name)) for _ in range(self.dice.randint(1, 4))]
            target += "?" + _encoded(told)
        method = self.dice.choice(rubbish.METHODS) if self.dice.random() < 0.15 else self.dice.choice(_methods(route))
        sent = Sent(method, target, self.headers(role))
        if method not in {"GET", "HEAD", "OPTIONS"}:
            self.load(role, sent)
        return sent

    def in_path(self, name: str, kind: str) -> str:
        """Somebody's own, somebody else's, or what nothing can be called."""
        if self.dice.random() < 0.12:
            return self.dice.choice(rubbish.STRANGE_PATHS)
        if kind == "int":
            return (
                quote(self.dice.choice(rubbish.NUMBERS)) if self.dice.random() < 0.15 else str(self.dice.randint(1, 45))
            )
        if name in {"secret", "signed"}:
            return self.dice.choice(self.site.stock.secrets)
        return self.dice.choice(FILES if kind == "path" else SLUGS)

    def load(self, role: str, sent: Sent) -> None:
        """A body: mostly a form with names that forms here have, sometimes no form at all."""
        names = [self.dice.choice(self.names) for _ in range(self.dice.randint(0, 8))]
        fields = [(name, a_value(self.dice, name)) for name in names]
        if self.dice.random() < 0.95:
            fields.append(("_csrf_token", self.csrf.get(role, "")))
        how = self.dice.random()
        if how < 0.7:
            sent.headers += _FORM
            sent.body = _encoded(fields).encode()
        elif how < 0.8:
            sent.headers.append((b"content-type", b"multipart/form-data; boundary=b"))
            sent.body = _in_parts(fields, ends=self.dice.random() < 0.8)
        else:
            sent.headers.append((b"content-type", self.dice.choice(rubbish.CONTENT_TYPES)))
            sent.headers.append((b"x-csrftoken", self.csrf.get(role, "").encode()))
            sent.body = self.dice.choice(_bodies(fields))

    def disturb(self, sent: Sent) -> None:
        """Something wrong around it: headers, cookies, an encoding, a body in pieces."""
        how = self.dice.random()
        if how < 0.6:
            sent.headers.append(self.dice.choice(rubbish.HEADERS))
        elif how < 0.75:
            sent.headers.append((b"cookie", self.dice.choice(rubbish.COOKIES)))
        elif how < 0.85 and sent.body:
            sent.body += self.dice.choice((b"&%ff%fe=%zz", b"\xff\xfe", b"&a=%u0041", b"&=&=&", b"&" + b"k=v&" * 2_000))
        else:
            sent.pieces = self.dice.randint(2, 40)

    def headers(self, role: str) -> list[tuple[bytes, bytes]]:
        """What a browser of this role sends along."""
        cookies = {"session": self.site.stock.cast.secrets.get(role, ""), "csrf": self.csrf.get(role, "")}
        held = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
        return [(b"host", b"panel.test"), (b"origin", b"http://panel.test"), (b"cookie", held.encode())]

    # what comes back

    async def look(self, role: str, address: str) -> Answer:
        """Open a page, and remember where it leads."""
        answer = await self.send(role, Sent("GET", address, self.headers(role)))
        if answer.status == 200 and answer.header("content-type").startswith("text/html"):
            self._remember(role, address)
            for link in links_on(answer.text):
                self._remember(role, link)
        return answer

    def _remember(self, role: str, address: str) -> None:
        shape = re.sub(r"\d+", "0", address.partition("?")[0])
        known = self.addresses[role].setdefault(shape, [])
        if address not in known and len(known) < 12:
            known.append(address)

    async def send(self, role: str, sent: Sent) -> Answer:
        """Send it, and note what is wrong with the answer."""
        self.site.written.clear()
        answer = await ask(self.site.app, sent)
        if SLOW.match(sent.target):
            answer.seconds = min(answer.seconds, LONGEST)
        self._keep_csrf(role, answer)
        self.tally[str(answer.status)] += 1
        self.met.add(f"{sent.method} {re.sub(r'[0-9]+', '0', sent.target.partition('?')[0])[:60]}")
        wrong = complaints(sent, answer) + await secrets_in(answer, role, self.site.stock, self.site.database)
        changed = self.site.written - set(MAY_BE_WRITTEN)
        if sent.method in {"GET", "HEAD", "OPTIONS"} and changed:
            wrong.append(f"changes {sorted(changed)} for being read")
        self.found += [f"{what}: as {role}: {sent}" for what in wrong]
        return answer

    def _keep_csrf(self, role: str, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() == b"set-cookie" and value.startswith(b"csrf="):
                self.csrf[role] = value.removeprefix(b"csrf=").partition(b";")[0].decode("latin-1")


_FORM = [(b"content-type", b"application/x-www-form-urlencoded")]


def _routes(site: Site) -> list[HTTPRoute]:
    left_out = ("/v1",)  # the API has fuzzing of its own
    return [one for one in site.app.routes if isinstance(one, HTTPRoute) and not one.path.startswith(left_out)]


def _methods(route: HTTPRoute) -> list[str]:
    """Those that the route takes, in a fixed order."""
    found = {method for one in route.route_handlers if isinstance(one, HTTPRouteHandler) for method in one.http_methods}
    return sorted(str(method) for method in found - {"OPTIONS"}) or ["GET"]


def _encoded(fields: Fields) -> str:
    return urlencode([(name, value) for name, value in fields], errors="surrogatepass")


def _in_parts(fields: Fields, *, ends: bool) -> bytes:
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value.encode(errors="surrogatepass"))
        for name, value in fields
    ]
    return b"".join(parts) + (b"--b--\r\n" if ends else b"")


def _bodies(fields: Fields) -> list[bytes]:
    return [
        json.dumps(dict(fields)).encode(),
        b"[" * 5_000 + b"]" * 5_000,
        b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
        b"\xff\xfe\x00",
        b"",
        b"{",
        b"\x1f\x8b\x08" + b"\x00" * 300,
        b"a=b&" * 20_000,
        b"&".join(b"k%d=v" % number for number in range(20_000)),
        b"\x00" * 1_000,
        b"x" * 1_100_000,
    ]
