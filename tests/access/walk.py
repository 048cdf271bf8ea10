"""The walk: every line of the matrix, asked as everybody."""

from dataclasses import dataclass

from tests.access.asking import Answer
from tests.access.conftest import Site
from tests.access.forms import filled
from tests.access.matrix import Line


@dataclass(frozen=True)
class Met:
    """What somebody met with on a line."""

    line: Line
    person: str
    method: str
    answer: Answer

    @property
    def word(self) -> str:
        """The outcome in a word."""
        return self.answer.in_a_word(self.method)

    def __str__(self) -> str:
        return f"{self.line.route} {self.line.thing}{self.line.query} as {self.person}"


async def ask(
    site: Site,
    line: Line,
    person: str,
    *,
    absent: bool = False,
    is_empty: bool = False,
    method: str = "",
    token: str | None = None,
) -> Met:
    """One cell; `absent` asks the same about something that is not there, `is_empty` fills nothing in.

    `token` is sent in the place of the form's own.
    """
    usual, template = site.routes[line.route]
    words = tuple(f"{one.partition(':')[0]}:absent" for one in line.things) if absent else line.things
    query = "" if absent else site.town.query(line.query, *words)
    form = filled(line.route, site.town, *words) if usual == "POST" and not is_empty else None
    answer = await site.asker.ask(
        method or usual,
        site.town.address(template, *words) + query,
        who=site.town.people[person],
        form=form,
        token=token,
    )
    return Met(line, person, usual, answer)
