"""What nobody should send: texts, numbers, dates, headers and bodies that are wrong in a way that has hurt somebody."""

from random import Random

MARK = "<fuzz"
"""How rubbish begins that would be a tag; it may never come back as one."""

TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\t\r\n",
    "é" * 300,
    "e" + "\u0301" * 400,
    "\U0001fa91" * 120,
    "\u202eevil\u202c",
    "\ufeff\u200b\u200d",
    "\u2028line\u2029",
    "\ud800",
    "\U000e0041\U000e0042",
    f"{MARK} onload=alert(1)>",
    f"'\"></textarea></title>{MARK} src=x>",
    "{{7*7}}${7*7}%{7*7}#{7*7}",
    "%s%n%d%(x)s%",
    "%(name)s",
    "{0.__class__}",
    "../../../etc/passwd",
    "'; DROP TABLE idea; --",
    '" OR 1=1 --',
    "=HYPERLINK(1)",
    "@SUM(A1)",
    "\r\nSet-Cookie: session=x",
    "a\nBcc: evil@evil.example",
    "null",
    "true",
    "[]",
    '{"a": {"b": 1}}',
    "http://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "a" * 255,
    "a" * 5_001,
    "woord " * 4_000,
    "x" * 100_000,
    "<" * 20_000,
    "[a](" * 3_000,
    "*" * 15_000,
)
NUMBERS = (
    "-1",
    "0",
    "1",
    "2",
    "-0",
    "+1",
    " 1 ",
    "1.0",
    "1e3",
    "0x10",
    "1_000",
    "01",
    "\u0661\u0662\u0663",
    "\u00b2",
    "NaN",
    "Infinity",
    "32768",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999",
    "9" * 5_000,
)
DATES = (
    "2026-02-30",
    "2026-13-01",
    "0000-00-00",
    "0001-01-01",
    "1899-12-31",
    "2026-11-22",
    "2026-12-31",
    "2027-03-28",
    "2026-10-25",
    "9999-12-31",
    "10000-01-01",
    "-2026-01-01",
    "20261231",
    "2026-W50-1",
    "31-12-2026",
    "2026-12-31T00:00:00Z",
)
TIMES = (
    "00:00",
    "02:30",
    "23:59",
    "24:00",
    "12:60",
    "12:00:61",
    "12",
    "noon",
    "12:00Z",
    "12:00+99:99",
    "\u0661\u0662:00",
)
ADDRESSES = (
    "a@b",
    "@",
    "a@@b.nl",
    "a b@waterveen.example",
    "a@b.nl, c@d.nl",
    "a@b.nl\nBcc: c@d.nl",
    "<a@b.nl>",
    '"a b"@waterveen.example',
    "a" * 65 + "@waterveen.example",
    "a@" + "b." * 130 + "nl",
    "a@[127.0.0.1]",
    "a@xn--",
    "a@\u00df.example",
    "\u0430@waterveen.example",
    "a@waterveen.example\x00",
    "=?utf-8?q?a?=@waterveen.example",
    "a.@waterveen.example",
    "resident+tag@waterveen.example",
    "RESIDENT@WATERVEEN.EXAMPLE",
    "nieuw@waterveen.example",
)
STRANGE_PATHS = (
    "%00",
    "%ff%fe",
    "%c0%ae%c0%ae",
    "..%2f..",
    "%2e%2e",
    "a%2fb",
    "%F0%9F%AA%91",
    ";a=b",
    "a%0d%0aX:y",
    "%",
    "%zz",
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "FOO")
MORE_NAMES = (
    "id",
    "state",
    "person_id",
    "author_id",
    "panel_id",
    "role",
    "is_public",
    "version",
    "seen",
    "next",
    "next_path",
    "token",
    "before",
    "again",
    "decided_by_id",
    "received_at",
    "endorsement_count",
    "_method",
    "__proto__",
    "constructor",
    "a[b][c]",
    "a[]",
    "self",
    "tx",
    "data",
    "request",
)
CONTENT_TYPES = (
    b"application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded; charset=utf-7",
    b"application/x-www-form-urlencoded; charset=utf-16",
    b"application/x-www-form-urlencoded; charset=nonsense",
    b"multipart/form-data",
    b"multipart/form-data; boundary=",
    b"multipart/form-data; boundary=" + b"x" * 300,
    b"application/json",
    b"application/json; charset=utf-16",
    b"application/msgpack",
    b"text/plain",
    b"text/xml",
    b"",
    b";;;",
    b"\xff\xfe",
)
HEADERS = (
    (b"accept-language", b"xx, nl;q=-1, *;q=9"),
    (b"accept-language", b"en" * 5_000),
    (b"accept", b"application/json"),
    (b"accept", b"\xff"),
    (b"host", b"evil.example"),
    (b"host", b""),
    (b"host", b"panel.test:99999"),
    (b"x-forwarded-host", b"evil.example"),
    (b"x-forwarded-for", b"1.2.3.4, ::1, \xff"),
    (b"x-forwarded-proto", b"gopher"),
    (b"forwarded", b'for="_x";host=evil.example'),
    (b"x-http-method-override", b"DELETE"),
    (b"x-original-url", b"/moderation"),
    (b"x-rewrite-url", b"/moderation"),
    (b"origin", b"null"),
    (b"origin", b"https://evil.example"),
    (b"referer", b"https://evil.example/\xff"),
    (b"sec-fetch-site", b"cross-site"),
    (b"x-fragment", b"1"),
    (b"x-request-id", b"\x1b[31m" + b"a" * 3_000),
    (b"range", b"bytes=0-0,-1,5-2"),
    (b"if-none-match", b'*, "a", W/"b'),
    (b"if-modified-since", b"yesterday"),
    (b"content-encoding", b"gzip"),
    (b"content-length", b"-1"),
    (b"content-length", b"999999999999"),
    (b"content-length", b"abc"),
    (b"transfer-encoding", b"chunked"),
    (b"expect", b"100-continue"),
    (b"upgrade", b"websocket"),
    (b"connection", b"upgrade, close"),
    (b"idempotency-key", b"short"),
    (b"idempotency-key", b"k" * 200),
    (b"idempotency-key", b"\xff" * 32),
    (b"user-agent", b"\xf0\x9f\xaa\x91"),
)
COOKIES = (
    b"session=",
    b"session=\xff\xfe",
    b"session=" + b"a" * 5_000,
    b"session=a; session=b",
    b"language=xx",
    b"language=../../etc",
    b"language=",
    b"browser=\x00",
    b"csrf=",
    b"csrf=\xff",
    b";;;=;=",
    b"a" * 9_000,
)


def a_value(dice: Random, name: str, present: str = "") -> str:
    """Something wrong for a field of this name; now and then what stands there with one thing changed."""
    if present and dice.random() < 0.25:
        return _changed(dice, present)
    pools: list[tuple[str, ...]] = [TEXTS]
    if name.endswith(
        ("_id", "id", "number", "minutes", "_days", "months", "percent", "for", "against", "order", "version")
    ):
        pools += [NUMBERS, NUMBERS]
    if name.endswith(("date", "_on", "_by")):
        pools += [DATES, DATES]
    if name.endswith("time"):
        pools += [TIMES, TIMES]
    if "mail" in name or name in {"person", "address"}:
        pools += [ADDRESSES, ADDRESSES]
    if dice.random() < 0.3:
        pools = [TEXTS, NUMBERS, DATES, TIMES, ADDRESSES]
    return dice.choice(dice.choice(pools))


def _changed(dice: Random, present: str) -> str:
    at = dice.randrange(len(present))
    put = dice.choice(("", "\x00", "a", "9", "-", "%", "\u00e9", present))
    return present[:at] + put + present[at + 1 :]
