"""Who meets with what, for every route, everybody and things in every state: as matrix.txt says, cell by cell.

CI asks a sample: about one thing every fourth route meets everybody, every other route two people for each outcome,
and every second line somebody for each outcome, in turn. All cells:

    ACCESS=full pytest -n 0 -s tests/access

Who adds a route writes its things into a file, one `route thing` a line, and has the outcomes observed beside it, to be
read line by line before they are declared: `ACCESS_OBSERVE=file pytest -n 0 tests/access -k observe`. Only some routes:
`ACCESS_ONLY='^desk' ACCESS=full pytest …`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from klankbord.tables import METADATA
from tests.access import matrix
from tests.access.asking import BESIDE, Answer
from tests.access.conftest import Site
from tests.access.marks import MARK, mark
from tests.access.matrix import Line
from tests.access.people import EVERYBODY
from tests.access.walk import Met, ask

IS_FULL = os.environ.get("ACCESS") == "full"
ALL_LINES = matrix.read(matrix.PLACE.read_text(encoding="utf-8"))
LINES = [line for line in ALL_LINES if re.search(os.environ.get("ACCESS_ONLY", ""), line.route)]
ABOUT = Path(os.environ["ACCESS_OBSERVE"]).read_text(encoding="utf-8") if "ACCESS_OBSERVE" in os.environ else ""
SEEN = Path(__file__).with_name("seen.txt")
UNTOUCHED = {"hidden", "refused", "sign-in", "shown", "moved"}
"""Words that leave every table as it was."""
KEPT_OFF = {"refused", "sign-in", "moved"}
"""What does not depend on the thing, once somebody is refused the desk it lies on."""
CACHED = {"static", "theme"}
"""Files that are the same for everybody and may lie in a cache."""
KEPT_FOR_BACK = {"idea.new", "idea.submit", "draft.keep", "draft.show", "draft.save"}
"""What somebody typed stays in their own browser alone, so that "back" finds it: `private, no-cache`."""
BY_SECRET = {"receipt", "link", "letter", "digest"}
"""Things whose address is the only key to them: whoever has it, is shown them, whoever they are."""
LED_TO = {"link:confirm": "idea:submitted", "link:address": "address:asked", "link:put-back": "address:made"}
SAID = {"receipt:published": ("said:panel", "said:moderators"), "receipt:held": ("said:of-held",)}
"""What was said with an author, behind the same key as the idea itself."""
PUBLIC = ("idea:published", "idea:elsewhere", "idea:merged", "open:agenda_published", "open:held")
OWN_PAGE = {"workbench.move", "workbench.split", "address.ask"}
"""Forms on a page of one's own: hidden or refused is what their fields name, so without them it is a mistake."""
_VARIES = re.compile(
    r'"instance":"[^"]*"|name="(?:_csrf_token|idempotency_key)" value="[^"]*"|value="/[^"]*"|[?]next=[^"]*'
)


def cells() -> Iterator[tuple[Line, str]]:
    """Every cell, or those of the sample: the same ones each time."""
    known: set[str] = set()
    for number, line in enumerate(LINES):
        if IS_FULL:
            people = set(EVERYBODY)
        elif line.route in known:
            people = in_turn(line, number)
        else:
            people = set(EVERYBODY) if len(known) % 4 == 0 else some_of_each(line, number)
        known.add(line.route)
        yield from ((line, person) for person in EVERYBODY if person in people)


def some_of_each(line: Line, number: int) -> set[str]:
    """Two people for each outcome, other ones on the next line."""
    found: set[str] = set()
    for word in set(line.met.values()):
        alike = [person for person in EVERYBODY if line.met[person] == word]
        found |= {alike[number % len(alike)], alike[(number + len(alike) // 2) % len(alike)]}
    return found


def in_turn(line: Line, number: int) -> set[str]:
    """Somebody for each outcome of every second line, somebody else on the next; who is kept off a whole desk, less."""
    found: set[str] = set()
    if number % 2:
        return found
    for word in set(line.met.values()):
        alike = [person for person in EVERYBODY if line.met[person] == word]
        if word not in KEPT_OFF or number % 8 == 0:
            found.add(alike[number % len(alike)])
    return found


def test_every_route_is_declared_and_every_declared_route_is_there(site: Site) -> None:
    assert {line.route for line in ALL_LINES} == set(site.routes)


@pytest.mark.timeout(1800)
async def test_everybody_meets_with_what_is_declared(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    before = await fingerprint(site)
    wrong: list[str] = []
    count, hidden, seen = 0, 0, set()
    nothing: dict[tuple[str, str], Answer] = {}
    for line, person in cells():
        met = await ask(site, line, person)
        count += 1
        wrong += [f"{met}: {fault}" for fault in faults(met)]
        if line.thing.partition(":")[0] not in BY_SECRET:
            seen |= {(one, person) for one in MARK.findall(met.answer.text)}
        else:
            wrong += [f"{met}: tells {one}" for one in set(MARK.findall(met.answer.text)) - told_by_secret(line)]
        if met.word == "hidden" and met.method == "GET" and line.things:
            hidden += 1
            key = (line.route, person)
            if key not in nothing:
                nothing[key] = (await ask(site, line, person, absent=True)).answer
            wrong += [f"{met}: differs from what is not there"] * (told(met.answer) != told(nothing[key]))
    allowed = read_seen()
    wrong += [f"{person} met with {one}" for one, person in sorted(seen) if person not in allowed.get(one, set())]
    if IS_FULL:
        declared = {(one, person) for one, people in allowed.items() for person in people}
        wrong += [f"{person} did not meet with {one}" for one, person in sorted(declared - seen)]
    with capsys.disabled():
        print(
            f"\nPermissions: {count} cells of {len(LINES) * len(EVERYBODY)}, {len(site.routes)} routes,"
            f" {len(EVERYBODY)} kinds of people, {hidden} hidden answers compared with what is not there,"
            f" {len(allowed)} marks; {len(wrong)} wrong"
        )
    assert not wrong, "\n".join(wrong)
    assert await fingerprint(site) == before


@pytest.mark.timeout(600)
async def test_an_empty_form_gets_nobody_further(site: Site) -> None:
    """A mistake in a field is only told to who may fill it in: its page shows what it is about."""
    wrong = []
    for number, line in enumerate(LINES):
        if site.routes[line.route][0] != "POST" or line.route in OWN_PAGE:
            continue
        for person in sorted(EVERYBODY if IS_FULL else in_turn(line, number)):
            expected = line.met[person]
            if expected in {"hidden", "refused", "sign-in"}:
                met = await ask(site, line, person, is_empty=True)
                wrong += [f"{met}: {met.word} instead of {expected}"] * (met.word != expected)
                wrong += [f"{met}: writes {sorted(met.answer.written)}"] * bool(met.answer.written - BESIDE)
    assert not wrong, "\n".join(wrong)


def told_by_secret(line: Line) -> set[str]:
    """The marks behind a secret address: of the thing that it is the key to, and of what is public anyhow."""
    kind, _, state = line.thing.partition(":")
    behind = {"receipt": f"idea:{state}", "letter": state.replace("-", ":", 1)}.get(kind) or LED_TO.get(line.thing)
    return {mark(one) for one in (*PUBLIC, *([behind] if behind else []), *SAID.get(line.thing, ()))}


def faults(met: Met) -> Iterator[str]:
    """What is not as declared about one cell."""
    expected = met.line.met[met.person]
    if met.word != expected:
        yield f"{met.word} ({met.answer.status}) instead of {expected}"
    if (expected in UNTOUCHED or met.method == "GET") and met.answer.written - BESIDE:
        yield f"writes {sorted(met.answer.written - BESIDE)}"
    kept = {"no-store"} | ({"private, no-cache"} if met.line.route in KEPT_FOR_BACK else set())
    if met.line.route not in CACHED and met.answer.header("cache-control") not in kept:
        yield f"may be cached: {met.answer.header('cache-control')!r}"


def told(answer: Answer) -> tuple[int, str, str]:
    """What an answer tells, without what differs each time or repeats the address that was asked for."""
    return answer.status, answer.header("content-type"), _VARIES.sub("", answer.text)


async def fingerprint(site: Site) -> dict[str, int]:
    """How many rows each table has."""
    async with site.database.read() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
        }


def read_seen() -> dict[str, set[str]]:
    """Who may meet with which mark, as seen.txt says."""
    found: dict[str, set[str]] = {}
    for written in SEEN.read_text(encoding="utf-8").splitlines():
        if written.strip() and not written.startswith("#"):
            marks, _, people = written.partition("  ")
            for one in marks.split(","):
                found[f"zq-{one.strip()}-qz"] = matrix.people_of(people.split())
    return found


@pytest.fixture
def observed() -> Path:
    """Where the outcomes go."""
    return Path(os.environ["ACCESS_OBSERVE"])


@pytest.mark.timeout(1800)
@pytest.mark.skipif("ACCESS_OBSERVE" not in os.environ, reason="for whoever declares new routes")
async def test_observe(site: Site, observed: Path) -> None:
    lines: list[Line] = []
    seen: dict[str, set[str]] = {}
    for written in ABOUT.splitlines():
        route, about = written.rsplit(" ", 1)
        for thing, query in matrix.things_of(about):
            met = {person: await ask(site, Line(route, thing, query, {}), person) for person in EVERYBODY}
            lines.append(Line(route, thing, query, {person: one.word for person, one in met.items()}))
            for person, one in met.items():
                for found in MARK.findall(one.answer.text) if thing.partition(":")[0] not in BY_SECRET else ():
                    seen.setdefault(found, set()).add(person)
    observed.with_suffix(".observed").write_text(matrix.folded(lines), encoding="utf-8")
    people: dict[str, list[str]] = {}
    for found in sorted(seen):
        people.setdefault(matrix.named(seen[found]), []).append(found[3:-3])
    observed.with_suffix(".seen").write_text(
        "".join(f"{','.join(marks)}  {who}\n" for who, marks in sorted(people.items())), encoding="utf-8"
    )
