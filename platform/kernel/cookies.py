"""The site's few cookies, all strictly necessary. Names and `Secure` follow the scheme of the public URL."""

from collections.abc import Iterable

from litestar.datastructures import Cookie

from kernel.settings import Settings

SESSION = "session"
BROWSER = "browser"
LANGUAGE = "language"
CSRF = "csrf"


def cookie_name(name: str, settings: Settings) -> str:
    """The name in the browser: with the `__Host-` prefix where the site is reached over https."""
    return f"__Host-{name}" if settings.is_secure else name


def cookie(name: str, value: str, settings: Settings, *, max_age: int) -> Cookie:
    """A cookie for the whole site that no script and no other site can use."""
    return Cookie(
        key=cookie_name(name, settings),
        value=value,
        path="/",
        max_age=max_age,
        secure=settings.is_secure,
        httponly=True,
        samesite="lax",
    )


def sent_cookies(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """What a browser sent; of two with one name the first counts. Garbage is a name or a value like any other."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, _, text = pair.strip().partition("=")
                found.setdefault(key, text.strip('"'))
    return found
