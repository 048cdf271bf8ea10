"""What internet.nl and our own rules ask of the headers of an answer, written anew from the rules themselves.

The rules of internet.nl are those of its tests for HSTS, Content-Security-Policy, Referrer-Policy,
X-Content-Type-Options and security.txt at their strictest ("good"); ours go further where the house can.
"""

import re
from http.cookies import SimpleCookie

from selectolax.lexbor import LexborHTMLParser

YEAR = 31_536_000
POWERFUL = ("camera", "geolocation", "microphone", "payment", "usb", "serial", "hid", "display-capture")
COOKIES = {"session", "browser", "language", "csrf"}
LOADS = (
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("iframe", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("use", "href"),
    ("video", "src"),
    ("audio", "src"),
    ("form", "action"),
    ("button", "formaction"),
    ("input", "formaction"),
    ("base", "href"),
)
Headers = list[tuple[bytes, bytes]]


def against(headers: Headers, *, is_https: bool, status: int, is_kept: bool = False) -> list[str]:
    """What is wrong with the headers of an answer. `is_kept`: a file that is the same for everybody."""
    told: dict[str, list[str]] = {}
    for name, value in headers:
        told.setdefault(name.decode().lower(), []).append(value.decode("latin-1"))
    one = {name: values[0] for name, values in told.items()}
    wrong = [f"{name} {len(values)} times" for name, values in told.items() if len(values) > 1 and name != "set-cookie"]
    wrong += [f"says {name}" for name in ("server", "x-powered-by", "date-server") if name in one]
    wrong += _transport(one.get("strict-transport-security"), is_https=is_https)
    wrong += _policy(one.get("content-security-policy", ""))
    wrong += _others(one)
    wrong += _features(one.get("permissions-policy", ""))
    wrong += _caching(one, is_kept=is_kept, sets_cookie="set-cookie" in told)
    wrong += [fault for value in told.get("set-cookie", ()) for fault in _cookie(value, is_https=is_https)]
    if status not in {204, 304, 303} and "content-type" not in one and one.get("content-length") != "0":
        wrong.append("no content-type")
    return wrong


def _transport(value: str | None, *, is_https: bool) -> list[str]:
    if not is_https:
        return [] if value is None else ["HSTS over http"]
    age = re.search(r"max-age=(\d+)", value or "")
    return [] if age and int(age.group(1)) >= YEAR else [f"HSTS {value}"]


def _policy(value: str) -> list[str]:
    rules: dict[str, list[str]] = {}
    wrong = []
    for part in value.split(";"):
        name, *sources = part.split()
        wrong += [f"CSP {name} twice"] if name in rules else []
        rules[name] = sources
    if rules.get("default-src") not in (["'none'"], ["'self'"]):
        wrong.append(f"CSP default-src {rules.get('default-src')}")
    for name in ("base-uri", "form-action", "frame-ancestors"):
        if rules.get(name) not in (["'none'"], ["'self'"]):
            wrong.append(f"CSP {name} {rules.get(name)}")
    for name, sources in rules.items():
        if name in {"require-trusted-types-for", "trusted-types"}:
            continue
        for source in sources:  # no unsafe-…, no nonce, no hash, no scheme, no host, no *: only this site or nothing
            if source not in {"'self'", "'none'"}:
                wrong.append(f"CSP {name} {source}")
    if rules.get("frame-ancestors") != ["'none'"]:
        wrong.append("may be framed")
    if rules.get("require-trusted-types-for") != ["'script'"] or len(rules.get("trusted-types", [])) != 1:
        wrong.append("CSP without one policy of trusted types")
    return wrong


def _others(one: dict[str, str]) -> list[str]:
    asked: dict[str, set[str | None]] = {
        "x-content-type-options": {"nosniff"},
        "x-frame-options": {"DENY"},
        "referrer-policy": {"same-origin", "no-referrer"},
        "cross-origin-opener-policy": {"same-origin"},
        "cross-origin-resource-policy": {"same-origin"},
        "origin-agent-cluster": {"?1"},
        "access-control-allow-origin": {None},
        "access-control-allow-credentials": {None},
    }
    return [f"{name}: {one.get(name)}" for name, good in asked.items() if one.get(name) not in good]


def _features(value: str) -> list[str]:
    allowed = dict(part.strip().split("=", 1) for part in value.split(",") if part.strip())
    wrong = [f"allows {name}={to}" for name, to in allowed.items() if to != "()"]
    return wrong + [f"does not deny {name}" for name in POWERFUL if name not in allowed]


def _caching(one: dict[str, str], *, is_kept: bool, sets_cookie: bool) -> list[str]:
    kept = one.get("cache-control", "")
    if is_kept:
        return (
            ["a file sets a cookie"] if sets_cookie else [] if kept.startswith("public, max-age=") else [f"kept {kept}"]
        )
    wrong = [] if kept in {"no-store", "private, no-cache"} else [f"cache-control: {kept}"]
    if kept == "private, no-cache":  # by one browser, for Back: with Vary it would be fetched anew, under a fresh key
        return wrong if "vary" not in one else [*wrong, f"vary: {one.get('vary')}"]
    return wrong if "cookie" in one.get("vary", "").lower() else [*wrong, f"vary: {one.get('vary')}"]


def _cookie(value: str, *, is_https: bool) -> list[str]:
    [(name, morsel)] = SimpleCookie(value).items()
    wrong = []
    if name not in {f"__Host-{one}" if is_https else one for one in COOKIES}:
        wrong.append(f"cookie {name}")
    if bool(morsel["secure"]) != is_https or not morsel["httponly"] or morsel["samesite"].lower() != "lax":
        wrong.append(f"cookie {value}")
    if morsel["path"] != "/" or morsel["domain"]:
        wrong.append(f"cookie {value}")
    return wrong


def against_page(text: str, *, is_file: bool = False) -> list[str]:
    """What in a page would load from elsewhere, or run or paint by itself; a saved file brings its own looks."""
    page = LexborHTMLParser(text)
    wrong = [
        f"{tag} {attribute}={value}"
        for tag, attribute in LOADS
        for node in page.css(f"{tag}[{attribute}]")
        if (value := node.attributes.get(attribute) or "") and not re.match(r"/(?![/\\])|#|\?|$", value)
    ]
    wrong += ["inline style" for _ in page.css("style") if not is_file]
    wrong += ["inline script" for node in page.css("script") if not node.attributes.get("src")]
    for node in page.css("*"):
        for name, told in node.attributes.items():
            if name == "style" or name.startswith("on") or (told or "").strip().lower().startswith("javascript:"):
                wrong.append(f"{node.tag} {name}={told}")
    return wrong
