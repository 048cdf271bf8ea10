"""Staff's Markdown, cleaned once, on write. The only import of bleach.

Residents' texts never come here: they are plain text and escaped by the template.
"""

from urllib.parse import urlsplit

from bleach.sanitizer import Cleaner  # noqa: TID251 - the one place
from markdown_it import MarkdownIt
from markupsafe import Markup
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from kernel.errors import DomainError
from kernel.i18n import N_

MOST = 5_000
"""Characters of Markdown cleaned in a request; bleach is quadratic, so longer texts are refused before it."""

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote", "code", "hr"})
_markdown = MarkdownIt("commonmark", {"html": False})


class TextTooLong(DomainError):
    """More Markdown than is cleaned in one go."""

    code = "text_too_long"
    status = 422
    message = N_("Deze tekst is te lang (ten hoogste %(most)s tekens). Maak de tekst korter.")


def _is_safe_link(_tag: str, name: str, value: str) -> bool:
    if name != "href" or any(ord(sign) < 33 for sign in value):
        return False
    parts = urlsplit(value)
    return (parts.scheme in {"http", "https"} and bool(parts.netloc)) or parts.scheme == "mailto"


def clean(markdown: str) -> Markup:
    """Markdown to HTML of the allowed tags, links absolute http(s) or mailto only; refuses over-long texts."""
    if len(markdown) > MOST:
        raise TextTooLong(most=MOST)
    cleaner = Cleaner(tags=TAGS, attributes={"a": _is_safe_link}, protocols={"http", "https", "mailto"}, strip=True)
    return Markup(cleaner.clean(_markdown.render(markdown)))  # noqa: S704 - cleaned on this very line


class CleanHtml(TypeDecorator[Markup]):
    """A column for what `clean()` returned; anything else is refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Only cleaned text goes in."""
        if value is not None and not isinstance(value, Markup):
            raise TypeError("pass the text through kernel.html.clean() first")
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Markup | None:
        """What was cleaned on write needs no escaping on read."""
        return None if value is None else Markup(value)  # noqa: S704 - cleaned on write
