"""What the pages say of a letter that was just sent: to which address, or why there is none."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from litestar.response import Redirect

from kernel.cookies import cookie, cookie_name
from kernel.forms import is_email
from kernel.inject import Asked
from kernel.settings import Settings

SENT = "sent"
"""The cookie that lets the next page say to which address a letter went; no address ever stands in a URL."""


def remember(answer: Redirect, email: str, settings: Settings) -> None:
    """Let the next page name this address."""
    written = urlsafe_b64encode(email.encode()).decode().rstrip("=")
    answer.set_cookie(cookie(SENT, written, settings, max_age=600))


def sent_to(request: Asked, settings: Settings) -> str:
    """The address that this browser sent a letter to just now, or nothing."""
    written = request.cookies.get(cookie_name(SENT, settings), "")
    try:
        email = urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
    except ValueError:
        return ""
    return email if is_email(email) else ""
