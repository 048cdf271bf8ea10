"""Every POST is done once: its route goes through `tx`, which looks after the key, and its form carries a key."""

import re

from litestar.handlers import HTTPRouteHandler

from kernel import idempotency
from tests import application
from tests.house.tree import place, templates

WITHOUT_TX = {
    "comment.begin": "carries what was typed to another form, and keeps nothing",
    "idea.similar": "looks for what is alike, and keeps nothing",
    "language.set": "changes nothing but a cookie of the reader's own",
    "live.ticket": "signs what is asked, and keeps nothing",
    "idea.file_add": "no transaction is open while a file is made anew; the same file twice is there once",
    "trace.ask": "finds out what is meant, and keeps nothing",
    "translation.make": "no transaction is open while the service thinks; twice comes to the same as once",
    "workbench.make": "no transaction is open while the machine thinks; the last one keeps the key (`sending`)",
}
"""Routes that take a POST without `tx`, each with its reason."""
SENDS_ON = {"templates/errors/error.html"}
"""Forms that hold all that was sent, its key included, so that it can be sent once more."""


def writing() -> dict[str, set[str]]:
    """Every route that takes more than reading, by name, with the names of what it asks for."""
    handlers = {
        handler
        for route in application.registered().routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and handler.http_methods - {"GET", "HEAD", "OPTIONS"}
    }
    return {str(handler.name): set(handler.parsed_fn_signature.parameters) for handler in handlers}


def test_every_route_that_writes_goes_through_the_transaction_that_looks_after_keys() -> None:
    found = writing()

    assert len(found) > 50
    assert {name for name, asks in found.items() if "tx" not in asks} == set(WITHOUT_TX)
    assert "sending" in found["workbench.make"]


def test_only_posts_write() -> None:
    methods = {method for route in application.registered().routes for method in getattr(route, "methods", ())}

    assert methods - {"GET", "HEAD", "OPTIONS"} == {"POST"}


def test_few_routes_deal_with_keys_in_their_own_way() -> None:
    opted = {
        (handler.name, opt)
        for route in application.registered().routes
        for handler in getattr(route, "route_handlers", ())
        for opt in (idempotency.COMPARES, idempotency.EACH_TIME)
        if handler.opt.get(opt)
    }

    assert opted == {
        ("idea.submit", idempotency.COMPARES),
        ("draft.keep", idempotency.COMPARES),
        ("idea.file_add", idempotency.EACH_TIME),
        ("translation.make", idempotency.EACH_TIME),
        ("sign_out", idempotency.EACH_TIME),
        ("account.end_sessions", idempotency.EACH_TIME),
    }


def test_routes_that_share_a_form_are_named_by_the_addresses_they_have() -> None:
    sharing = {
        handler.name: handler.opt[idempotency.SHARES_FORM]
        for route in application.registered().routes
        for handler in getattr(route, "route_handlers", ())
        if idempotency.SHARES_FORM in handler.opt
    }
    kept_at = {
        route.path_format
        for route in application.registered().routes
        for handler in getattr(route, "route_handlers", ())
        if handler.name == "draft.keep"
    }

    assert sharing == {"idea.submit": tuple(kept_at)}


def test_every_form_that_posts_prints_its_key() -> None:
    without: list[str] = []
    for path in templates():
        source = path.read_text(encoding="utf-8")
        for form in re.finditer(
            r"<form\b[^>]*\bmethod=\"(post|\{\{ method \}\})\"(.*?)(?:</form>|\{%- endmacro)", source, re.S
        ):
            if "{{ csrf_input" not in form.group(2) and place(path) not in SENDS_ON:
                without.append(place(path))

    assert without == []


def test_forms_with_an_address_name_it_so_that_they_can_carry_their_key_on() -> None:
    macros = [path for path in templates() if path.parent.name == "_macros"]

    assert [place(path) for path in macros if "{{ csrf_input }}" in path.read_text(encoding="utf-8")] == []
