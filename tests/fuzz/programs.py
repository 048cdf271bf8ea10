"""What programs ask of the API: made from its own document, within it and beyond it."""

from collections.abc import Iterator
from random import Random
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.strategies import SearchStrategy, one_of
from requests import PreparedRequest, Request
from schemathesis import Case as AnyCase
from schemathesis import GenerationMode, Response
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from tests.fuzz.wire import Answer, Sent

Case = AnyCase[Any]
BASE = "http://panel.test"
THERE: dict[str, tuple[Any, ...]] = {
    "slug": ("buurt", "waterveen", "vraag-draft", "later"),
    "meeting_id": (1, 2),
    "idea_id": tuple(range(1, 13)),
}
"""Names and numbers that lead somewhere, which no generator would find."""


class Programs:
    """Every operation of the document, and cases for each."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.schema = schemathesis.openapi.from_dict(document)
        self.operations = [found.ok() for found in self.schema.get_all_operations() if isinstance(found, Ok)]

    def cases(self, number: int, dice: Random) -> Iterator[Case]:
        """So many: the edges of parameters and methods, then what comes up, half of it about what is there."""
        edges = [case for one in self.operations for case in self._edges(one)]
        chosen = edges if len(edges) <= number // 2 else dice.sample(edges, number // 2)
        yield from chosen
        share = max(1, -(-(number - len(chosen)) // (2 * len(self.operations))))
        left = number - len(chosen)
        for one in self.operations:
            anywhere = one_of(*(one.as_strategy(generation_mode=mode) for mode in GenerationMode))
            for strategy in (anywhere, self._about_what_is_there(one)):
                found = _drawn(strategy, min(share, left), dice.getrandbits(32))
                left -= len(found)
                yield from found

    def _edges(self, operation: Any) -> Iterator[Case]:
        config = self.schema.config.generation_for(operation=operation)
        modes = list(GenerationMode)
        yield from self.schema.iter_coverage_cases(operation, generation_modes=modes, generation_config=config)

    def _about_what_is_there(self, operation: Any) -> SearchStrategy[Case]:
        names = [one.name for one in operation.path_parameters]
        fixed = [{name: value} for name in names for value in THERE[name]] or [{}]
        return one_of(*(operation.as_strategy(path_parameters=one) for one in fixed))


def sent_by(case: Case) -> tuple[Sent, PreparedRequest]:
    """The case as a request."""
    told = case.as_transport_kwargs(base_url=BASE)
    known = {"method", "url", "headers", "params", "data", "json", "files", "cookies"}
    prepared = Request(**{name: value for name, value in told.items() if name in known}).prepare()
    headers = [(name.encode("latin-1"), _bytes(value)) for name, value in prepared.headers.items()]
    target = str(prepared.url).removeprefix(BASE) or "/"
    body: Any = prepared.body or b""
    return Sent(str(prepared.method), target, [(b"host", b"panel.test"), *headers], _bytes(body)), prepared


def objections(case: Case, prepared: PreparedRequest, answer: Answer) -> list[str]:
    """What every check of the document has against the answer."""
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    response = Response(
        status_code=answer.status,
        headers=headers,
        content=answer.body,
        request=prepared,
        elapsed=answer.seconds,
        verify=False,
    )
    try:
        case.validate_response(response)
    except FailureGroup as failed:
        return [f"{type(one).__name__}: {one}" for one in failed.exceptions]
    return []


def _drawn(strategy: SearchStrategy[Case], number: int, seed: int) -> list[Case]:
    found: list[Case] = []
    if number > 0:

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=number,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(strategy)
        def collect(case: Case) -> None:
            found.append(case)

        collect()
    return found


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
