"""Bring the catalogues in line with the texts: `python -m klankbord.messages`, or `make fix`.

Finds every text marked in templates and code and writes locale/<language>/LC_MESSAGES/klankbord.po anew: new texts
without a translation, translations of texts that still stand there kept, the rest dropped. The same texts give
the same bytes: no dates, no versions, no line numbers. Only for a checkout; the site itself reads the catalogues.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from kernel.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
MARKS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
AS_RENDERED = {  # as klankbord.templating sets them: they decide which blanks belong to a text
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
}
HEADER = """\
# The texts of Klankbord. Dutch is the language of the source: msgid is what a Dutch reader sees.
# Kept in line with templates and code by `make fix`; only the msgstr lines are written by people.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def sources() -> Iterator[tuple[Path, str]]:
    """Every file that may hold texts, and how to read it."""
    for folder, ending, method in (
        ("platform", "*.py", "python"),
        ("templates", "*.html", "jinja2"),
        ("templates", "*.txt", "jinja2"),
    ):
        yield from ((path, method) for path in sorted((ROOT / folder).rglob(ending)))


def texts() -> Catalog:
    """The texts as they stand in templates and code now, without translations."""
    found = Catalog(charset="utf-8")
    for path, method in sources():
        options = AS_RENDERED if method == "jinja2" else {}
        place = path.relative_to(ROOT).as_posix()
        for line, text, _notes, context in extract_from_file(method, path, keywords=MARKS, options=options):
            found.add(text, locations=[(place, line)], context=context)
    return found


def catalogue_path(language: str) -> Path:
    """Where a language's catalogue stands."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "klankbord.po"


def read_catalogue(language: str) -> Catalog:
    """A language's catalogue as it stands; empty when there is none yet."""
    path = catalogue_path(language)
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language, charset="utf-8")


def written(language: str, found: Catalog) -> bytes:
    """The catalogue of a language for these texts, with the translations that it already has."""
    before = read_catalogue(language)
    after = Catalog(locale=language, charset="utf-8")
    for message in found:
        if message.id:
            known = before.get(message.id, message.context)
            kept = known.string if known is not None and known.pluralizable == message.pluralizable else None
            after.add(message.id, kept, locations=message.locations, context=message.context)
    body = BytesIO()
    write_po(body, after, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEADER.format(language=language).encode() + body.getvalue()


def main() -> None:
    """Write the catalogue of every language that readers can choose."""
    found = texts()
    for language, _ in LANGUAGES:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(language, found))


if __name__ == "__main__":
    main()
