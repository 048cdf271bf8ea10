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
"""Characters of Markdown cleaned in a request; longer texts are refused, for cleaning holds up everybody else."""
MOST_SIGNS = 500
"""Signs and line ends among them that can mean something in Markdown: they are what takes the time."""

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote", "code", "hr"})
_SIGNS = "*_`[]()!<>&#\\~+-=\n"
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "reference"])  # not allowed, and slow


class TextTooLong(DomainError):
    """More Markdown than is cleaned in one go."""

    code = "text_too_long"
    status = 422
    message = N_("Deze tekst is te lang (ten hoogste %(most)s tekens). Maak de tekst korter.")


class TooManySigns(DomainError):
    """More markup than is cleaned in one go."""

    code = "too_many_signs"
    status = 422
    message = N_("Deze tekst heeft te veel opmaak (ten hoogste %(most)s tekens en regels). Maak de opmaak eenvoudiger.")


def refusal_of(markdown: str) -> DomainError | None:
    """Why this cannot be cleaned, if so: too long, or too much markup."""
    if len(markdown) > MOST:
        return TextTooLong(most=MOST)
    return TooManySigns(most=MOST_SIGNS) if sum(map(markdown.count, _SIGNS)) > MOST_SIGNS else None


def _is_safe_link(_tag: str, name: str, value: str) -> bool:
    if name != "href" or "\\" in value or any(ord(sign) < 33 or ord(sign) == 127 for sign in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:  # a host in half a pair of brackets
        return False
    is_of_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    return is_of_web or (parts.scheme == "mailto" and "@" in parts.path)


def clean(markdown: str) -> Markup:
    """Markdown to HTML of the allowed tags, links absolute http(s) or mailto only; raises what `refusal_of` says."""
    if (refusal := refusal_of(markdown)) is not None:
        raise refusal
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
