"""The Jinja environment: strict, escaping, with local time, languages and addresses of static files."""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

from babel.numbers import format_decimal
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig
from markupsafe import Markup, escape

from consultations.signals import Finding, Kind
from kernel import local_time
from kernel.i18n import N_, gettext, language, ngettext
from kernel.settings import Settings
from klankbord import asset_dir
from klankbord.shell import CurrentShell

_LINK = re.compile(r"https?://[^\s<>\"'()]{4,300}[^\s<>\"'().,;:!?]")


@cache
def static_url(path: str) -> str:
    """The address of a static file; its version changes with the bytes, so browsers may keep it for ever."""
    return f"/static/{path}?v={_version(asset_dir('static') / path)}"


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs: everything escaped, full http(s) addresses made into links."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(_linked(block)) for block in blocks)


def _linked(block: str) -> Markup:
    written = Markup("")
    end = 0
    for found in _LINK.finditer(block):
        link = Markup('<a href="{0}" rel="nofollow ugc noopener">{0}</a>').format(found.group())
        written += _lines(block[end : found.start()]) + link
        end = found.end()
    return written + _lines(block[end:])


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(one) for one in text.split("\n"))


def pointed_at(text: str, findings: Iterable[Finding]) -> Markup:
    """Plain text as paragraphs, with the words of the findings marked; addresses in it are no links."""
    spots = {at for one in findings if one.kind is not Kind.LANGUAGE for at in range(one.start, one.end)}
    edges = [at for at in range(len(text) + 1) if (at in spots) != (at - 1 in spots) or "\n" in text[at - 1 : at + 1]]
    parts = [(first in spots, text[first:last]) for first, last in pairwise([0, *edges, len(text)])]
    written = Markup("").join(
        Markup("<mark>{}</mark>").format(part) if is_spot and part != "\n" else escape(part) for is_spot, part in parts
    )
    blocks = [block for block in re.split(r"\n\s*\n", written) if block.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(_broken(block)) for block in blocks)


def _broken(block: str) -> Markup:
    return Markup("<br>").join(Markup(one) for one in block.strip().split("\n"))  # noqa: S704 - escaped part by part


def number(value: float) -> str:
    """A number as the reader's language writes it."""
    return str(format_decimal(value, locale=language()))


def translated(text: str) -> str:
    """A text marked with N_ in code, in the reader's language."""
    return gettext(text)


def iso(instant: datetime) -> str:
    """For the datetime attribute."""
    return instant.isoformat(timespec="seconds")


class Compiled(BytecodeCache):
    """Templates compiled in this process, for every environment in it: tests make hundreds."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled before from the same source."""
        if code := self.known.get(f"{bucket.key}{bucket.checksum}"):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.known[f"{bucket.key}{bucket.checksum}"] = bucket.bytecode_to_string()


COMPILED = Compiled()


def make_environment(settings: Settings) -> Environment:
    """The environment that pages and letters are rendered in; all templates are parsed once."""
    environment = Environment(
        loader=FileSystemLoader(asset_dir("templates")),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        auto_reload=settings.mode == "demo",
        bytecode_cache=COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # by i18n
    in_zone: dict[str, Callable[..., str]] = {
        "moment": local_time.moment,
        "day": local_time.day,
        "short_day": local_time.short_day,
        "clock": local_time.clock_time,
    }
    environment.filters |= {name: partial(write, zone=settings.zone) for name, write in in_zone.items()}
    environment.filters |= {
        "time_left": local_time.time_left,
        "iso": iso,
        "number": number,
        "paragraphs": paragraphs,
        "pointed_at": pointed_at,
        "translated": translated,
    }
    environment.globals |= {"shell": CurrentShell(), "static_url": static_url, "absolute": settings.absolute, "N_": N_}
    return environment


def template_config(environment: Environment) -> TemplateConfig[JinjaTemplateEngine]:
    """The environment as Litestar wants it."""
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))
