"""Looked at before anything is decoded, looked up or counted as a form: what no page of this site would ever send.

Plain functions of what arrived. Each gives a refusal, or None when there is nothing against it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_to_bytes, urlsplit

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Scope

from kernel.cookies import CSRF, cookie_name, sent_cookies
from kernel.errors import DomainError
from kernel.settings import Settings
from klankbord.refusals import (
    AddressTooLong,
    FromElsewhere,
    HeadTooLarge,
    NotAForm,
    TooLarge,
    TooManyFields,
    TurnedAway,
    UnknownHost,
    WrongMethod,
)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE_METHODS | {"POST"}
LONGEST_ADDRESS = 8_000
MOST_HEADERS = 80
LONGEST_HEAD = 16_000
LONGEST_BODY = 1_000_000
LONGEST_FIELD = 100_000
LONGEST_NAME = 200
MOST_NAMES = 100
MOST_FIELDS = 2_000
"""Fields of one form, repeated ones counted each: staff tick hundreds of ideas at once."""
MOST_ASKED = 100
"""Fields behind the question mark of an address."""
TOKEN = b"_csrf_token"
"""The field of every form that another site cannot know."""
FORM = b"application/x-www-form-urlencoded"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
LETTERS_ONLY = "/unsubscribe/"
"""Where mail programs post to by themselves (RFC 8058): from anywhere, with any body, which is not looked at. The
signature in the address is all that counts."""
UPLOADS = re.compile(r"/receipts/[A-Za-z0-9_-]{16,64}/files")
"""Where a picture or a document is sent, by who holds the receipt of an idea."""
LONGEST_UPLOAD = 12_100_000
UPLOAD = b"multipart/form-data"
_TOKEN_PART = re.compile(rb'name="_csrf_token"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)')
_ABOVE_ASCII = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f])+")
OPEN_TO_PROBES = "/health"
"""Answers under this machine's own names too: whoever watches over the site asks there."""


@lru_cache(maxsize=64)
def hosts_of(settings: Settings, *, is_probe: bool = False) -> frozenset[bytes]:
    """Every Host header that means this site."""
    parts = urlsplit(settings.public_url)
    usual = {"http": 80, "https": 443}[parts.scheme]
    names = {parts.netloc, f"{parts.netloc}:{usual}" if parts.port is None else parts.netloc}
    names |= {parts.netloc.removesuffix(f":{usual}")}
    if is_probe or settings.mode in {"demo", "test"}:
        names |= {f"{name}:{settings.port}" for name in LOOPBACK}
    return frozenset(name.lower().encode() for name in names)


@lru_cache(maxsize=64)
def origins_of(settings: Settings) -> frozenset[bytes]:
    """Every Origin that means this site."""
    scheme = urlsplit(settings.public_url).scheme.encode()
    usual = {b"http": b":80", b"https": b":443"}[scheme]
    loopback = () if settings.mode == "production" else (f"http://{name}:{settings.port}" for name in LOOPBACK)
    ours = {scheme + b"://" + name.removesuffix(usual) for name in hosts_of(settings)}
    return frozenset({settings.origin.lower().encode(), *ours, *(name.encode() for name in loopback)})


def look_at_head(scope: Scope, settings: Settings) -> DomainError | None:
    """What the first lines of a request tell, without its body."""
    headers = list(scope["headers"])
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LONGEST_HEAD:
        return HeadTooLarge()
    hosts = [value.lower() for name, value in headers if name == b"host"]
    if len(hosts) != 1 or hosts[0] not in hosts_of(settings, is_probe=scope["path"] == OPEN_TO_PROBES):
        return UnknownHost(address=settings.absolute("/"))
    raw_path, asked = scope.get("raw_path") or b"", scope["query_string"]
    if len(raw_path) + len(asked) > LONGEST_ADDRESS:
        return AddressTooLong()
    address = raw_path + b"?" + asked
    if not _is_text(address) or b"%00" in address or b"\0" in address or asked.count(b"&") >= MOST_ASKED:
        return TurnedAway()
    if scope["type"] != ScopeType.HTTP:
        return None
    if scope["method"] not in methods_of(scope["path"]):
        return WrongMethod()
    return _look_at_length(headers, is_safe=scope["method"] in SAFE_METHODS, longest=longest_of(scope)) or (
        None if scope["method"] in SAFE_METHODS else _look_at_form(scope, settings)
    )


def is_api(path: str) -> bool:
    """Whether programs ask, who want a problem and no page."""
    return path == "/v1" or path.startswith("/v1/")


def methods_of(path: str) -> frozenset[str]:
    """What can be done at all under an address; most pages take less."""
    return SAFE_METHODS if is_api(path) else METHODS


def _is_text(raw: bytes) -> bool:
    """Whether it is UTF-8 once its %-signs are undone: what is written out, and each run of what stands behind %.

    All runs at once, with a blank between them: undoing them one by one would take a second for a long form.
    """
    runs = b"%20".join(_ABOVE_ASCII.findall(raw))
    try:
        raw.decode()
        bytes.fromhex(runs.replace(b"%", b"").decode()).decode()
    except UnicodeDecodeError:
        return False
    return True


def _look_at_length(headers: Iterable[tuple[bytes, bytes]], *, is_safe: bool, longest: int) -> DomainError | None:
    lengths = [value for name, value in headers if name == b"content-length"]
    is_chunked = any(name == b"transfer-encoding" for name, _ in headers)
    if len(lengths) + is_chunked > 1 or not all(value.isdigit() and len(value) < 16 for value in lengths):
        return TurnedAway()
    length = int(lengths[0]) if lengths else 0
    if length > longest:
        return TooLarge()
    return TurnedAway() if is_safe and (length or is_chunked) else None


def _look_at_form(scope: HTTPScope, settings: Settings) -> DomainError | None:
    headers = {name: value.lower() for name, value in scope["headers"]}
    if is_for_letters(scope):
        return None
    site, origin = headers.get(b"sec-fetch-site", b""), headers.get(b"origin", b"")
    is_hidden = origin == b"null" and site == b"same-origin"  # a browser that tells nobody where it comes from
    if site not in {b"", b"none", b"same-origin"} or (origin and not is_hidden and origin not in origins_of(settings)):
        return FromElsewhere()
    if not (headers.get(b"x-csrftoken", b"").isascii() and _token_cookie(scope, settings).isascii()):
        return FromElsewhere()
    return None if is_form(scope) or is_upload(scope) else NotAForm()


def _token_cookie(scope: HTTPScope, settings: Settings) -> str:
    return sent_cookies(scope["headers"]).get(cookie_name(CSRF, settings), "")


def is_from_here(scope: Scope, settings: Settings) -> bool:
    """Whether the browser says so: only then what was typed may be offered to be sent again."""
    headers = dict(scope["headers"])
    is_ours = headers.get(b"origin", b"").lower() in origins_of(settings)
    return headers.get(b"sec-fetch-site", b"same-origin" if is_ours else b"") == b"same-origin"


def is_for_letters(scope: Scope) -> bool:
    """Whether mail programs post here, without a browser and its token."""
    return scope["path"].startswith(LETTERS_ONLY)


def is_form(scope: Scope) -> bool:
    """Whether what is posted says that it is the fields of a form, in UTF-8; nothing said counts as that."""
    said = next((value.lower() for name, value in scope["headers"] if name == b"content-type"), FORM)
    kind, _, told = said.partition(b";")
    return kind.strip() == FORM and told.strip().replace(b'"', b"") in {b"", b"charset=utf-8"}


def is_upload(scope: Scope) -> bool:
    """Whether a file is sent to where files are taken. Whether the receipt in the address is one, is asked next."""
    said = next((value.lower() for name, value in scope["headers"] if name == b"content-type"), b"")
    is_there = scope["type"] == ScopeType.HTTP and scope["method"] == "POST" and UPLOADS.fullmatch(scope["path"])
    return bool(is_there) and said.startswith(UPLOAD + b";")


def longest_of(scope: HTTPScope) -> int:
    """How many bytes may be sent here."""
    return LONGEST_UPLOAD if is_upload(scope) else LONGEST_BODY


def look_at_upload(body: bytes) -> DomainError | None:
    """A form with a file before it is taken apart. What is in the file is looked at where it is made anew."""
    if len(body) > LONGEST_UPLOAD:
        return TooLarge()
    if body.count(b"\r\nContent-Disposition:") > 10:
        return TooManyFields()
    token = _TOKEN_PART.search(body[:20_000]) or _TOKEN_PART.search(body[-20_000:])
    return FromElsewhere() if token is None or not token[1].isascii() else None


def look_at_body(body: bytes) -> DomainError | None:
    """A form's fields before they are taken apart: few enough, short enough, and UTF-8."""
    if len(body) > LONGEST_BODY:
        return TooLarge()
    if body.count(b"&") >= MOST_FIELDS:
        return TooManyFields()
    names, _, values = zip(*(field.partition(b"=") for field in body.split(b"&")), strict=True)
    if len(set(names)) > MOST_NAMES:
        return TooManyFields()
    if any(len(name) > LONGEST_NAME for name in names) or any(map(_is_too_long, values)):
        return TooLarge()
    if not _is_text(body):
        return TurnedAway()
    return FromElsewhere() if any(map(_is_no_token_of_ours, names, values)) else None


def _is_too_long(value: bytes) -> bool:
    return len(value) > LONGEST_FIELD and len(value) - 2 * value.count(b"%") > LONGEST_FIELD


def _is_no_token_of_ours(name: bytes, value: bytes) -> bool:
    """Whether it is a form's token with letters that ours never have: the framework cannot compare those."""
    return unquote_to_bytes(name) == TOKEN and not unquote_to_bytes(value).isascii()
