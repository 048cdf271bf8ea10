"""A browser without JavaScript: follows links, fills in the forms that really stand on the page, keeps cookies."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self

import httpx
from litestar import Litestar

PATIENCE = 240.0
"""Seconds that a page of a real site may take. Making themes takes 15 of computing, at a priority so low that a busy
machine stretches them past a minute."""


@dataclass
class PageForm:
    """A form as it stood on the page, with the values it would send."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, text
    addresses: dict[str, str] = field(default_factory=dict)  # text of a button with a formaction of its own


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[tuple[str, str]] = []
        self._form: PageForm | None = None
        self._select: str | None = None
        self._textarea: str | None = None
        self._button: tuple[str, str] | None = None
        self._formaction = ""
        self._link: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        flags = {name for name, _ in attrs}
        if tag == "form":
            self._form = PageForm(values.get("action", ""), values.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "a" and "href" in values:
            self._link, self._text = values["href"], ""
        elif self._form is not None:
            self._control(tag, values, flags)

    def _control(self, tag: str, values: dict[str, str], flags: set[str]) -> None:
        assert self._form is not None
        name = values.get("name", "")
        if tag == "input" and name and values.get("type") in {"checkbox", "radio"}:
            self._form.fields.setdefault(name, [])
            if "checked" in flags:
                self._form.fields[name].append(values.get("value", "on"))
        elif tag == "input" and name:
            self._form.fields.setdefault(name, []).append(values.get("value", ""))
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select = name
            self._form.fields.setdefault(name, [])
        elif tag == "option" and self._select is not None:
            chosen = self._form.fields[self._select]
            if "selected" in flags:
                chosen[:] = [values.get("value", "")]
            elif not chosen:
                chosen.append(values.get("value", ""))
        elif tag == "button":
            self._button, self._text = (name, values.get("value", "")), ""
            self._formaction = values.get("formaction", "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._form is not None and self._textarea is not None:
            self._form.fields[self._textarea] = [self._text.removeprefix("\n")]
            self._textarea = None
        elif tag == "button" and self._form is not None and self._button is not None:
            words = " ".join(self._text.split())
            self._form.buttons.append((*self._button, words))
            if self._formaction:
                self._form.addresses[words] = self._formaction
            self._button = None
        elif tag == "a" and self._link is not None:
            self.links.append((" ".join(self._text.split()), self._link))
            self._link = None


class Visitor:
    """One browser, on an application in this process or on a real site. `page` is the page it looks at."""

    def __init__(self, app: Litestar | None = None, *, site: str = "http://panel.test") -> None:
        transport = httpx.ASGITransport(app=app) if app is not None else None  # type: ignore[arg-type]
        self.site = site
        self.http = httpx.AsyncClient(transport=transport, base_url=site, follow_redirects=True, timeout=PATIENCE)
        self.page: httpx.Response = httpx.Response(204)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the browser."""
        await self.http.aclose()

    @property
    def text(self) -> str:
        """The page's source."""
        return self.page.text

    @property
    def status(self) -> int:
        """The page's HTTP status."""
        return self.page.status_code

    @property
    def path(self) -> str:
        """Where the page came from, after redirects."""
        return self.page.url.path

    def _parsed(self) -> _Forms:
        parsed = _Forms()
        parsed.feed(self.page.text)
        return parsed

    @property
    def forms(self) -> list[PageForm]:
        """The forms on the page."""
        return self._parsed().forms

    @property
    def links(self) -> list[tuple[str, str]]:
        """Text and address of the links on the page."""
        return self._parsed().links

    async def open(self, address: str) -> httpx.Response:
        """Go to an address."""
        self.page = await self.http.get(address)
        return self.page

    async def follow(self, words: str) -> httpx.Response:
        """Follow the first link whose text holds these words."""
        found = [address for text, address in self.links if words in text]
        assert found, f"no link with {words!r} on {self.path}: {[text for text, _ in self.links]}"
        return await self.open(found[0])

    async def press(self, words: str, **typed: Any) -> httpx.Response:
        """Fill in the form whose button holds these words and press that button."""
        for form in self.forms:
            for name, value, text in form.buttons:
                if words in text:
                    form.action = form.addresses.get(text, form.action)
                    return await self._send(form, {**({name: value} if name else {}), **typed})
        known = [text for form in self.forms for *_, text in form.buttons]
        raise AssertionError(f"no button with {words!r} on {self.path} ({self.status}): {known}")

    async def _send(self, form: PageForm, typed: dict[str, Any]) -> httpx.Response:
        fields: dict[str, Any] = {name: values for name, values in form.fields.items() if values}
        unknown = set(typed) - set(form.fields) - {name for name, *_ in form.buttons}
        assert not unknown, f"the form on {self.path} has no field {unknown}"
        fields |= {name: value for name, value in typed.items() if value is not None}
        address = form.action or self.path
        headers = {"origin": self.site}
        if form.method.lower() == "post":
            assert len(form.fields.get("idempotency_key", ())) == 1, f"a form on {self.path} has no key of its own"
            self.page = await self.http.post(address, data=fields, headers=headers)
        else:
            self.page = await self.http.get(address, params=fields)
        return self.page
