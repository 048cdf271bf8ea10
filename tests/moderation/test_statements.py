"""Every restriction of every kind has a statement of reasons: whole, by our schema, without a word of anybody."""

import json
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from consultations import attachments, ideas, quarantine
from consultations.models import Consultation, Endorsement, Idea
from consultations.states import QuarantineState
from consultations.studio import Made
from consultations.support_models import Quarantine
from consultations.ways_models import Attachment
from kernel.db import WriteSession
from moderation import appeals, block_appeals, block_queries, blocks, decisions, reports, statements, yearly
from moderation.models import Ground
from moderation.statements import Frame
from moderation.states import NEEDS_GROUND, AppealState, Conduct, Outcome, ReportState
from tests.builders import (
    a_comment,
    a_moderated_consultation,
    a_moderator,
    a_person,
    an_idea,
    let_talk,
)
from tests.moments import NOON

ZONE = ZoneInfo("Europe/Amsterdam")
FRAME = Frame(zone=ZONE, public_url="https://panel.test")
THIS_YEAR = yearly.Year.of(NOON.astimezone(ZONE).year, FRAME)
DAY = timedelta(days=1)
TAINT = "Mevrouw De Wit, Kerkstraat 4, 06-12345678"
SCHEMA = jsonschema.Draft202012Validator(statements.schema())
MADE = Made(body=b"\xff\xd8 a picture", is_picture=True, width=10, height=10)


def valid(made: list[dict[str, Any]]) -> None:
    for batch in statements.in_batches(made):
        SCHEMA.validate({"statements": batch})
    assert len({one["puid"] for one in made}) == len(made)


async def decide(
    tx: WriteSession, idea: Idea, by: Actor, outcome: Outcome, *, ground: str = "off_topic", at: datetime = NOON
) -> Any:
    why: dict[str, Any] = {} if outcome is Outcome.PUBLISH else {"ground_code": ground, "explanation": TAINT}
    return await decisions.decide(tx, idea=idea, actor=by, outcome=outcome, **why, now=at)


async def a_busy_year(tx: WriteSession) -> Consultation:
    """Each outcome with each ground, on reading and on report, reversed, revised, withdrawn; blocks; files; support."""
    first, second = await a_moderator(tx), await a_moderator(tx)
    consultation = await a_moderated_consultation(tx)
    await let_talk(tx, consultation)
    codes = ("incomprehensible", "off_topic", "insult", "commercial", "personal_data", "duplicate", "several")
    for code, outcome in zip(codes, cycle(sorted(NEEDS_GROUND)), strict=False):
        idea = await an_idea(tx, consultation=consultation)
        if outcome is Outcome.REMOVE:
            await decide(tx, idea, first, Outcome.PUBLISH)
        await decide(tx, idea, first, outcome, ground=code)
    reported = await an_idea(tx, consultation=consultation, language="tr")
    await decide(tx, reported, first, Outcome.PUBLISH)
    report = await reports.receive(tx, idea=reported, reason=TAINT, email="mia@waterveen.example", now=NOON)
    why = {"answer": TAINT, "ground_code": "insult", "explanation": TAINT}
    await reports.uphold(tx, report=report, actor=first, **why, now=NOON)
    reversed_ = await an_idea(tx, consultation=consultation, title=TAINT)
    await decide(tx, reversed_, first, Outcome.REJECT)
    appeal = await appeals.lodge(tx, idea=reversed_, reason=TAINT, zone=ZONE, now=NOON)
    await appeals.decide(
        tx, appeal=appeal, actor=second, verdict=AppealState.REINSTATED, answer=TAINT, now=NOON + 3 * DAY
    )
    revised, gone = await an_idea(tx, consultation=consultation), await an_idea(tx, consultation=consultation)
    await decide(tx, revised, first, Outcome.RETURN)
    words = ideas.Written(title="Anders", body="Een andere tekst.")
    await ideas.revise(tx, idea=revised, written=words, actor_id=revised.author_id, now=NOON + DAY)
    await decide(tx, gone, first, Outcome.HOLD)
    await ideas.withdraw(tx, idea=gone, actor_id=gone.author_id, now=NOON + 2 * DAY)
    under = await an_idea(tx, consultation=consultation)
    await decide(tx, under, first, Outcome.PUBLISH)
    await decide(tx, await a_comment(tx, under=under), first, Outcome.REMOVE)
    await a_few_blocks(tx, consultation, first, second)
    await a_file_and_support(tx, under, first)
    return consultation


async def a_few_blocks(tx: WriteSession, consultation: Consultation, first: Actor, second: Actor) -> None:
    for conduct in Conduct:
        other = await an_idea(tx, consultation=consultation)
        behind = await block_queries.behind_idea(tx, other.id)
        until = None if conduct is Conduct.HATE else NOON + 30 * DAY
        block = await blocks.impose(
            tx, behind=behind, actor=first, ground=conduct, explanation=TAINT, until=until, now=NOON
        )
        if conduct is Conduct.SPAM:
            appeal = await block_appeals.lodge(tx, block=block, reason=TAINT, zone=ZONE, now=NOON)
            verdict: dict[str, Any] = {"verdict": AppealState.REINSTATED, "answer": TAINT, "now": NOON + DAY}
            await block_appeals.decide(tx, appeal=appeal, block=block, actor=second, **verdict)


async def a_file_and_support(tx: WriteSession, idea: Idea, by: Actor) -> None:
    assert by.person_id is not None
    file = Attachment(
        idea_id=idea.id,
        **{name: getattr(MADE, name) for name in ("is_picture", "width", "height", "body")},
        alternative=TAINT,
        size=9,
        sha256="a" * 64,
        added_at=NOON,
    )
    tx.add(file)
    await tx.flush()
    await attachments.decide(tx, file=file, idea=idea, is_shown=False, reason=TAINT, actor_id=by.person_id, now=NOON)
    person = await a_person(tx)
    tx.add(Endorsement(idea_id=idea.id, person_id=person.id, endorsed_at=NOON))
    case = Quarantine(
        consultation_id=idea.consultation_id,
        network="f" * 64,
        name="A7F3",
        number=1,
        state=QuarantineState.COUNTED,
        signs={"signs": ["new"]},
        opened_at=NOON,
    )
    tx.add(case)
    await tx.flush()
    verdict: dict[str, Any] = {"verdict": QuarantineState.KEPT, "reason": TAINT, "actor_id": by.person_id}
    await quarantine._move(tx, [case], QuarantineState.APART, actor_id=None, now=NOON)
    await quarantine.decide(tx, case=case, **verdict, now=NOON + DAY)


async def test_every_restriction_of_a_year_is_told_once_and_the_numbers_add_up_to_the_ledger(tx: WriteSession) -> None:
    await a_busy_year(tx)

    made = await yearly.of_year(tx, THIS_YEAR, as_=FRAME)
    told = await yearly.report(tx, THIS_YEAR, as_=FRAME)

    valid(made)
    assert len(made) == told.statements == 7 + 5 + len(Conduct) + 1 + 2
    words = json.dumps(made, ensure_ascii=False)
    assert [word for word in ("De Wit", "Kerkstraat", "06-1", "mia@", "Anders") if word in words] == []
    assert len([one for one in made if one["source_type"] == "SOURCE_ARTICLE_16"]) == 1
    [machine] = [one for one in made if one["automated_decision"] != "AUTOMATED_DECISION_NOT_AUTOMATED"]
    assert (machine["puid"], machine["automated_detection"]) == ("support-1", "Yes")
    # ended by: a person's decision about support, the author's new text, the withdrawal, the appeal
    ends = [one["end_date_visibility_restriction"] for one in made if "end_date_visibility_restriction" in one]
    assert sorted(ends) == ["2026-11-24", "2026-11-24", "2026-11-25", "2026-11-26"]
    lifted = [one for one in made if one.get("end_date_account_restriction") == "2026-11-24"]
    assert [one["category"] for one in lifted] == ["STATEMENT_CATEGORY_SCAMS_AND_FRAUD"]

    assert {sum(found.values()) for found in told.by.values()} == {told.statements}
    assert sum(told.grounds.values()) == sum(told.outcomes.values()) == 7 + 5
    assert {
        "returned": told.standing[Outcome.RETURN],
        "held": told.standing[Outcome.HOLD],
        "rejected": told.standing[Outcome.REJECT],
        "removed": told.standing[Outcome.REMOVE],
    } == await yearly.in_ledger(tx)
    assert (told.reports[ReportState.UPHELD], told.appeals[AppealState.REINSTATED], told.reversals) == (1, 1, 2)
    assert told.median_appeal == 2 * DAY


async def test_a_year_begins_at_midnight_where_people_live(tx: WriteSession) -> None:
    first = await a_moderator(tx)
    last_second, new_year = datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE)
    for at in (last_second, new_year):
        idea = await an_idea(tx, consultation=await a_moderated_consultation(tx))
        await decide(tx, idea, first, Outcome.REJECT, at=at.astimezone(NOON.tzinfo))

    made = [await yearly.of_year(tx, yearly.Year.of(year, FRAME), as_=FRAME) for year in (2026, 2027)]

    assert [[one["application_date"] for one in some] for some in made] == [["2026-12-31"], ["2027-01-01"]]


@settings(deadline=None, max_examples=60)
@given(
    code=st.sampled_from(["insult", "personal_data", "several", "eigen_regel"]),
    title=st.one_of(st.text(min_size=1, max_size=80), st.just("Bel 06 1234 5678"), st.just("mail a@b.nl")),
    wording=st.one_of(st.text(max_size=2500), st.just("Zie https://b.nl"), st.just("NL91 ABNA 0417 1643 00")),
)
def test_whatever_a_secretary_made_of_a_ground_its_statement_is_valid_and_names_nobody(
    code: str, title: str, wording: str
) -> None:
    ground = Ground(code=code, title=title, wording=wording, position=1, consultation_id=1)

    told_title, told = statements.told_of(ground)

    made = {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        **statements._incompatible(told_title, told, "https://panel.test/consultations/a/moderation"),
        "decision_facts": f"{statements.ON_REPORT} {told}",
        "category": statements.category_of(code),
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": "2026-11-22",
        "application_date": "2026-11-22",
        **statements._by_a_person(is_on_report=True),
        "puid": "decision-1",
    }
    valid([made])
    assert [one for one in ("5678", "@", "https", "0417") if one in told_title + told] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"puid": "a b"},
        {"category": "STATEMENT_CATEGORY_RUDE"},
        {"decision_facts": "x" * 5001},
        {"decision_visibility": ["DECISION_VISIBILITY_OTHER"]},
        {"content_language": "nl"},
        {"author": "Anna"},
    ],
)
def test_the_schema_refuses_what_the_european_database_refuses(wrong: dict[str, Any]) -> None:
    made = {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        **statements._incompatible("Reclame", "Reclame.", "https://panel.test/"),
        "decision_facts": "Reclame.",
        "category": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": "2026-11-22",
        "application_date": "2026-11-22",
        **statements._by_a_person(),
        "puid": "decision-1",
    }
    valid([made])

    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate({"statements": [made | wrong]})
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate({"statements": [made | {"puid": f"decision-{one}"} for one in range(101)]})
