"""Whoever sees something that is not public is on record: every route and every command says what it shows."""

import ast

from litestar.handlers import HTTPRouteHandler

from klankbord.cli import COMMANDS
from klankbord.trace.names import SUBJECTS
from klankbord.trace.shown import OWN, PUBLIC, SHOWN, is_export, subject_of
from tests import application
from tests.house.tree import PLATFORM, parsed

ON_RECORD = {"roles", "agenda", "audit"}
NOTHING_SHOWN = {
    "serve": "shows nothing",
    "migrate": "shows nothing",
    "doctor": "counts, and names no person and no idea",
    "demo": "made-up people only, and refused in production",
    "operator": "repeats the address that was typed",
    "ideas": "exports what is published, imports what the file holds",
    "signals": "counts in texts that are made up, or in a file of one's own",
    "themes": "counts, and names of themes, which are public",
    "briefing": "counts the letters it queues",
    "digests": "counts the letters it queues",
    "report": "counts, and statements of reasons without anybody's words",
}
"""Commands that leave no record, each with its reason."""


def addresses() -> dict[str, bool]:
    """Every address that answers something, and whether a desk's guard stands before it."""
    found: dict[str, bool] = {}
    for route in application.registered().routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and handler.http_methods - {"OPTIONS"}:
                names = {getattr(getattr(guard, "func", guard), "__qualname__", "") for guard in handler.guards or ()}
                names |= {
                    getattr(getattr(guard, "func", guard), "__qualname__", "") for guard in handler.resolve_guards()
                }
                is_desk = any(name.startswith("requires.") for name in names)
                found[route.path_format] = found.get(route.path_format, False) or is_desk
    return found


def begins(address: str, beginnings: tuple[str, ...]) -> bool:
    return address == "/" or any(address == one or address.startswith(f"{one}/") for one in beginnings)


def test_every_address_is_on_record_or_ones_own_or_public() -> None:
    found = addresses()

    assert len(found) > 100
    unsaid = [one for one in found if subject_of(one) is None and not begins(one, (*OWN, *PUBLIC))]
    assert unsaid == []
    assert [one for one in SHOWN if not any(begins(address, (one,)) for address in found)] == []


def test_everything_behind_a_desk_is_on_record() -> None:
    behind = {address for address, is_desk in addresses().items() if is_desk}

    assert len(behind) > 50
    assert [one for one in sorted(behind) if subject_of(one) is None] == []


def test_a_page_of_one_thing_names_that_thing() -> None:
    found = {address: subject_of(address) for address in addresses() if "{" in address}

    assert [one for one, subject in found.items() if subject is not None and "{" not in subject] == []


def test_every_subject_has_words() -> None:
    kinds = {subject.partition(":")[0] for subject in SHOWN.values()} - {"letter"}

    assert kinds - set(SUBJECTS) == set()


def test_files_to_take_along_are_exports() -> None:
    assert [one for one in addresses() if is_export(one)] == [
        "/consultations/{slug}/ideas.csv",
        "/consultations/{slug}/ideas.jsonl",
        "/consultations/{slug}/moderation.csv",
        "/panels/{slug}/moderation.csv",
        "/desk/trace/readings.csv",
    ]


def test_every_command_is_on_record_or_shows_nothing() -> None:
    assert ON_RECORD | set(NOTHING_SHOWN) == set(COMMANDS)
    for name in ON_RECORD:
        module = COMMANDS[name].partition(":")[0]
        told = ast.dump(parsed(PLATFORM / "klankbord" / "commands" / f"{module}.py"))
        assert "on_command" in told, name
