"""The API against its own document, asked by everybody: no answer that the document does not promise."""

from collections import Counter
from random import Random

import pytest
from requests import PreparedRequest

from tests.fuzz.cast import ROLES
from tests.fuzz.conftest import Plan
from tests.fuzz.oracle import complaints, secrets_in
from tests.fuzz.programs import Case, Programs, objections, sent_by
from tests.fuzz.reckoning import contradictions
from tests.fuzz.site import MAY_BE_WRITTEN, Site, Sites
from tests.fuzz.wire import Answer, Sent, ask

SHARE = 0.3
"""Of all cases; the rest are for pages and forms."""


@pytest.mark.timeout(3600)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_the_api_answers_everybody_as_its_document_says(sites: Sites, plan: Plan) -> None:
    found: list[str] = []
    tally = Counter[str]()
    with sites.site() as site:
        site.run(site.stock.cast.arrive(site.database))
        document = site.app.openapi_schema.to_schema()
        cases = Programs(document).cases(round(plan.cases * SHARE), Random(plan.seed))  # noqa: S311 - repeatable
        for number, case in enumerate(cases):
            role = ROLES[number % len(ROLES)]
            sent, prepared = sent_by(case)
            answer = site.run(_asked(site, role, sent))
            tally[f"{answer.status}"] += 1
            wrong = [*site.run(_wrong(site, role, sent, answer)), *_judged(case, prepared, answer)]
            found += [f"SEED={plan.seed} N={plan.cases} make fuzz: {what}: as {role}: {sent}" for what in wrong]
            if len(found) > 50:
                break
        found += site.run(contradictions(site.app, site.database))
    print(f"{sum(tally.values())} requests to the API, answered {dict(sorted(tally.items()))}")
    if found:
        pytest.fail("\n".join(found), pytrace=False)


async def _asked(site: Site, role: str, sent: Sent) -> Answer:
    secret = site.stock.cast.secrets.get(role, "")
    sent.headers.append((b"cookie", f"session={secret}".encode()))
    site.written.clear()
    return await ask(site.app, sent)


async def _wrong(site: Site, role: str, sent: Sent, answer: Answer) -> list[str]:
    """Nobody reads more here than a stranger, and nothing is written."""
    found = complaints(sent, answer) + await secrets_in(answer, "anonymous", site.stock, site.database)
    changed = site.written - set(MAY_BE_WRITTEN)
    return [*found, f"changes {sorted(changed)}"] if changed else found


def _judged(case: Case, prepared: PreparedRequest, answer: Answer) -> list[str]:
    return [] if answer.raised else objections(case, prepared, answer)
