"""Rubbish to every route, in every role: never a failure, never a hang, nothing shown, nothing kept by halves."""

from collections import Counter
from random import Random

import pytest

from tests.fuzz.conftest import Plan
from tests.fuzz.crowd import Crowd
from tests.fuzz.reckoning import contradictions
from tests.fuzz.site import Sites

A_BATCH = 250
"""Cases on one database; each batch begins with a fresh one, so that it can be done again by itself."""
SHARE = 0.7
"""Of all cases; the rest are for the API."""


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("stream", [0, 1])
def test_no_form_and_no_address_breaks_on_rubbish(sites: Sites, plan: Plan, stream: int) -> None:
    batches = range(stream, max(2, round(plan.cases * SHARE / A_BATCH)), 2)
    if plan.batch is not None:
        batches = range(plan.batch, plan.batch + 1) if plan.batch % 2 == stream else range(0)
    found: list[str] = []
    tally, met = Counter[str](), set[str]()
    for batch in batches:
        crowd = a_batch(sites, plan.seed, batch, max(1, round(plan.cases * SHARE / max(2, len(batches) * 2))))
        found += [f"SEED={plan.seed} BATCH={batch} N={plan.cases} make fuzz: {one}" for one in crowd.found]
        tally, met = tally + crowd.tally, met | crowd.met
        print(f"batch {batch}: {len(found)} found so far, after {sum(tally.values())} requests", flush=True)
        if len(found) > 50:
            break
    print(f"{sum(tally.values())} requests, {len(met)} kinds of address, answered {dict(sorted(tally.items()))}")
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def a_batch(sites: Sites, seed: int, batch: int, cases: int) -> Crowd:
    """So many cases on a fresh site, and then the reckoning."""
    with sites.site() as site:
        crowd = Crowd(site, Random(f"{seed}/{batch}"))  # noqa: S311 - it must be repeatable; nothing is secret
        site.run(crowd.begin())
        for _ in range(min(cases, A_BATCH)):
            site.run(crowd.one())
        crowd.found += site.run(contradictions(site.app, site.database))
    return crowd
