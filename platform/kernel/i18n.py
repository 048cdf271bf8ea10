"""The reader's language. Dutch is the language of the source texts; catalogues hold the others.

The language of the moment is a context variable: the request sets it, a letter sets it for its receiver.
Catalogues (.po) are read at start; there is no build step.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from babel.messages.pofile import read_po

DEFAULT_LANGUAGE = "nl"
LANGUAGES: tuple[tuple[str, str], ...] = (("nl", "Nederlands"), ("en", "English"))

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)
_catalogues: dict[str, dict[str | tuple[str, int], str]] = {}
_read: dict[Path, float] = {}  # when each file was last changed: a second application in a process need not read again


def N_(text: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Mark a text for the catalogue without translating it yet."""
    return text


def load_catalogues(folder: Path) -> None:
    """Read `<folder>/<language>/LC_MESSAGES/klankbord.po` of every language that has one."""
    for path in sorted(folder.glob("*/LC_MESSAGES/klankbord.po")):
        changed = path.stat().st_mtime
        if _read.get(path) == changed:
            continue
        _read[path] = changed
        with path.open("rb") as file:
            catalogue = read_po(file)
        texts: dict[str | tuple[str, int], str] = {}
        for message in catalogue:
            if message.fuzzy or not message.id:
                continue
            if message.pluralizable:
                texts |= {(message.id[0], form): text for form, text in enumerate(message.string or ()) if text}
            elif message.string:
                texts[str(message.id)] = str(message.string)
        _catalogues[path.parts[-3]] = texts


def language() -> str:
    """The language of the moment, as `nl`."""
    return _language.get()


def is_offered(code: str) -> bool:
    """Whether readers can choose this language."""
    return any(code == offered for offered, _ in LANGUAGES)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use a language for a while; an unknown one falls back to Dutch."""
    token = _language.set(code if is_offered(code) else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(text: str) -> str:
    """The text in the language of the moment; the Dutch text itself where the catalogue has none."""
    return _catalogues.get(_language.get(), {}).get(text, text)


def ngettext(one: str, many: str, number: int) -> str:
    """The singular or plural text, by the rule that Dutch and English share."""
    form = 0 if number == 1 else 1
    return _catalogues.get(_language.get(), {}).get((one, form), (one, many)[form])
