"""The environment, read once into one frozen value."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kernel.networks import proxies_from

DEFAULT_DATABASE_URL = "sqlite+aiosqlite:///var/klankbord.db"
MODES = ("production", "demo", "test")
DEMO_SECRET = "demo-secret-that-protects-nothing-and-is-refused-in-production"  # noqa: S105 - the name says it


LARGEST_THEME = 200_000
LARGEST_MAP = 5_000_000
MAIL_IN = re.compile(r"(maildir):(.+)|(lmtp):(/.+|(?:127\.0\.0\.1|localhost|\[::1\]):[1-9][0-9]{0,4})")
MAIL_REPLY = re.compile(r"[A-Za-z0-9._-]{1,24}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
"""A short local part without a plus: what is signed comes behind one, and an address has 64 characters at most."""


class SettingsError(Exception):
    """The environment cannot be used as it is; `problems` holds one sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the operator decided. Every field's variable and default stand in docs/operations.md."""

    mode: str = "production"
    database_url: str = DEFAULT_DATABASE_URL
    public_url: str = "http://127.0.0.1:8000"
    secret: str = DEMO_SECRET
    municipality: str = "gemeente Waterveen"
    time_zone: str = "Europe/Amsterdam"
    mail: str = "folder:var/mail"
    mail_from: str = "Klankbord <klankbord@waterveen.example>"
    mail_in: str = ""
    mail_reply: str = ""
    clock: str = "system"
    theme: str = ""
    places: str = ""
    neighbourhoods: str = ""
    erased: str = ""
    translate: str = ""
    log: str = "text"
    receipts: str = "off"
    trusted_proxies: str = ""
    second_factor: str = ""
    requests_per_minute: int = 600
    undo_minutes: int = 10
    security_contact: str = ""
    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def zone(self) -> ZoneInfo:
        """The municipality's own time zone: every local hour and date is computed in it."""
        return ZoneInfo(self.time_zone)

    @property
    def is_secure(self) -> bool:
        """Whether the public site is reached over https; cookies follow it."""
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme and host of the public site, the only origin that may open a socket."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def mail_folder(self) -> Path | None:
        """The folder that keeps letters, or None when they leave by another way."""
        return Path(self.mail.removeprefix("folder:")) if self.mail.startswith("folder:") else None

    def absolute(self, path: str) -> str:
        """The public address of a path of this site; letters and feeds use it."""
        return self.public_url.rstrip("/") + path


VARIABLES: dict[str, str] = {
    "mode": "KLANKBORD_MODE",
    "database_url": "DATABASE_URL",
    "public_url": "KLANKBORD_PUBLIC_URL",
    "secret": "KLANKBORD_SECRET",
    "municipality": "KLANKBORD_MUNICIPALITY",
    "time_zone": "KLANKBORD_TIME_ZONE",
    "mail": "KLANKBORD_MAIL",
    "mail_from": "KLANKBORD_MAIL_FROM",
    "mail_in": "KLANKBORD_MAIL_IN",
    "mail_reply": "KLANKBORD_MAIL_REPLY",
    "clock": "KLANKBORD_CLOCK",
    "theme": "KLANKBORD_THEME",
    "places": "KLANKBORD_PLACES",
    "neighbourhoods": "KLANKBORD_NEIGHBOURHOODS",
    "erased": "KLANKBORD_ERASED",
    "translate": "KLANKBORD_TRANSLATE",
    "log": "KLANKBORD_LOG",
    "receipts": "KLANKBORD_RECEIPTS",
    "trusted_proxies": "KLANKBORD_TRUSTED_PROXIES",
    "second_factor": "KLANKBORD_SECOND_FACTOR",
    "requests_per_minute": "KLANKBORD_REQUESTS_PER_MINUTE",
    "undo_minutes": "KLANKBORD_UNDO_MINUTES",
    "security_contact": "KLANKBORD_SECURITY_CONTACT",
    "host": "KLANKBORD_HOST",
    "port": "KLANKBORD_PORT",
}


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check the environment; raises SettingsError naming every mistake at once."""
    problems: list[str] = []
    given = {field: environ[name] for field, name in VARIABLES.items() if environ.get(name)}
    known = {*VARIABLES.values(), "KLANKBORD_DATA"}
    problems += [
        f"{name} is not a setting of Klankbord; see docs/operations.md for the names."
        for name in sorted(environ)
        if name.startswith("KLANKBORD_") and name not in known
    ]
    port = given.pop("port", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        problems.append(f"KLANKBORD_PORT must be a number from 1 to 65535, not {port!r}.")
        port = "8000"
    often = given.pop("requests_per_minute", "600")
    if not often.isdigit() or len(often) > 6:
        problems.append(f"KLANKBORD_REQUESTS_PER_MINUTE must be a number from 0 to 999999, not {often!r}.")
        often = "600"
    undo = given.pop("undo_minutes", "10")
    if not undo.isdigit() or len(undo) > 4:
        problems.append(f"KLANKBORD_UNDO_MINUTES must be a number from 0 to 9999, not {undo!r}.")
        undo = "10"
    settings = Settings(**given, port=int(port), requests_per_minute=int(often), undo_minutes=int(undo))
    problems += _problems(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _against_theme(path: Path) -> str:
    """Why this is no file of tokens; empty when nothing is against it."""
    if not path.is_file():
        return f"KLANKBORD_THEME {str(path)!r} is not a file; it holds design tokens (CSS)."
    told = path.read_bytes().lower()
    if len(told) > LARGEST_THEME or any(word in told for word in (b"@import", b"url(", b"image-set(", b"\\")):
        return (
            f"KLANKBORD_THEME {str(path)!r} must hold colours, sizes and fonts by name, and load nothing (CSS, 200 kB)."
        )
    return ""


def _against_mail_in(settings: Settings) -> list[str]:
    """Why letters cannot come in as they are meant to; nothing when they come in nowhere."""
    found: list[str] = []
    door = MAIL_IN.fullmatch(settings.mail_in)
    if settings.mail_in and door is None:
        found.append("KLANKBORD_MAIL_IN must look like maildir:PATH, lmtp:/PATH/OF/SOCKET or lmtp:127.0.0.1:PORT.")
    if settings.mail_reply and not MAIL_REPLY.fullmatch(settings.mail_reply):
        found.append("KLANKBORD_MAIL_REPLY must be one plain address without a plus, as antwoord@panel.example.nl.")
    if bool(settings.mail_in) != bool(settings.mail_reply):
        found.append("KLANKBORD_MAIL_IN and KLANKBORD_MAIL_REPLY go together: set both, or neither.")
    return found


def _is_module_and_function(name: str) -> bool:
    module, _, function = name.partition(":")
    return all(part.isidentifier() for part in (*module.split("."), function))


def _against_map(path: Path) -> str:
    """Why this is no map of neighbourhoods; empty when nothing is against it."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig")) if path.stat().st_size <= LARGEST_MAP else None
        shapes = [(one["properties"]["name"], one["geometry"]["type"]) for one in told["features"]] if told else []
    except (OSError, ValueError, KeyError, TypeError):
        shapes = []
    if not shapes or any(shape not in {"Polygon", "MultiPolygon"} for _name, shape in shapes):
        return (
            f"KLANKBORD_NEIGHBOURHOODS {str(path)!r} must be GeoJSON of polygons, each with a name"
            " among its properties (5 MB)."
        )
    return ""


def _problems(settings: Settings) -> list[str]:
    found = _against_mail_in(settings)
    if settings.mode not in MODES:
        found.append(f"KLANKBORD_MODE must be one of {', '.join(MODES)}, not {settings.mode!r}.")
    if not settings.database_url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        found.append("DATABASE_URL must start with sqlite+aiosqlite:/// or postgresql+asyncpg://.")
    parts = urlsplit(settings.public_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        found.append("KLANKBORD_PUBLIC_URL must look like https://panel.example.nl, without a path.")
    if settings.mail.partition(":")[0] not in {"smtp", "smtps", "folder", "console", "memory"}:
        found.append("KLANKBORD_MAIL must start with smtp://, smtps://, folder:, console: or memory:.")
    if settings.log not in {"text", "json"}:
        found.append("KLANKBORD_LOG must be text or json.")
    if settings.second_factor and not re.fullmatch(r"[a-z]+(,[a-z]+)*", settings.second_factor):
        found.append("KLANKBORD_SECOND_FACTOR must be none, or names of roles with commas between them.")
    if settings.receipts not in {"off", "log"}:
        found.append("KLANKBORD_RECEIPTS must be off or log.")
    if settings.erased and not Path(settings.erased).parent.is_dir():
        found.append(f"KLANKBORD_ERASED {settings.erased!r} lies in no folder; make it, on another disk if you can.")
    if settings.places and not Path(settings.places).is_file():
        found.append(f"KLANKBORD_PLACES {settings.places!r} is not a file; it holds one place name a line.")
    if settings.neighbourhoods and (sentence := _against_map(Path(settings.neighbourhoods))):
        found.append(sentence)
    if settings.translate and not _is_module_and_function(settings.translate):
        found.append("KLANKBORD_TRANSLATE must look like module:function.")
    if settings.theme and (sentence := _against_theme(Path(settings.theme))):
        found.append(sentence)
    contact = settings.security_contact
    if contact and not (contact.startswith(("mailto:", "https://")) and contact.isascii() and contact.isprintable()):
        found.append("KLANKBORD_SECURITY_CONTACT must start with mailto: or https://.")
    try:
        proxies_from(settings.trusted_proxies)
    except ValueError as error:
        found.append(f"KLANKBORD_TRUSTED_PROXIES must hold addresses and networks: {error}.")
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        found.append(f"KLANKBORD_TIME_ZONE {settings.time_zone!r} is not a known time zone.")
    if settings.clock != "system":
        if not settings.clock.startswith("file:"):
            found.append("KLANKBORD_CLOCK must be system or file:PATH.")
        if settings.mode == "production":
            found.append("KLANKBORD_CLOCK may only be moved with KLANKBORD_MODE=test or demo.")
    if settings.mode == "production":
        if settings.secret == DEMO_SECRET or len(settings.secret) < 32:
            found.append("KLANKBORD_SECRET must be set to at least 32 random characters.")
        if not settings.is_secure:
            found.append("KLANKBORD_PUBLIC_URL must start with https:// in production.")
    if settings.mode == "demo" and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        found.append("KLANKBORD_HOST must stay 127.0.0.1 with KLANKBORD_MODE=demo: its sign-in links are open.")
    return found
