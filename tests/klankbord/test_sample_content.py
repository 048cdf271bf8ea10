"""The sample municipality is complete, hangs together, and holds nobody's real details."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from consultations.states import ConsultationState, IdeaKind, IdeaRoute, IdeaState, Policy
from panels.states import ItemState, MeetingState, RecommendationState, ResponseState, SeatEntry, SeatKind

SAMPLE = Path(__file__).parents[2] / "platform" / "klankbord" / "sample"
IDEA_FILES = ("ideas.jsonl", "closed_ideas.jsonl", "pool_ideas.jsonl")
GROUND_CODES = ["incomprehensible", "off_topic", "insult", "commercial", "personal_data", "duplicate", "several"]
Row = dict[str, Any]


def _rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


def _json(name: str) -> Row:
    found: Row = json.loads((SAMPLE / name).read_text(encoding="utf-8"))
    return found


def _all_text() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(SAMPLE.glob("*.json*")))


def _consultations() -> dict[str, Row]:
    return {row["slug"]: row for row in _json("consultations.json")["consultations"]}


def _meetings() -> dict[int, Row]:
    return {row["number"]: row for row in _json("meetings.json")["meetings"]}


def test_the_open_consultation_has_a_lively_number_of_ideas_in_every_state() -> None:
    rows = _rows("ideas.jsonl")
    assert Counter(row["state"] for row in rows) == {
        "published": 175,
        "received": 12,
        "rejected": 5,
        "returned": 2,
        "withdrawn": 2,
    }
    assert Counter(row["kind"] for row in rows) == {"idea": 171, "experience": 25}
    assert len({row["topic"] for row in rows}) == 18
    assert {row["lang"] for row in rows} == {"nl", "en", "tr", "pl", "de"}


def test_the_closed_consultation_has_forty_five_ideas_two_of_them_late() -> None:
    rows = _rows("closed_ideas.jsonl")
    assert Counter(row["state"] for row in rows) == {"published": 42, "rejected": 2, "withdrawn": 1}
    assert sum(row["late"] for row in rows) == 2


def test_one_consultation_has_questions_of_the_panel_and_phases_and_its_ideas_answer_every_question() -> None:
    round_of_questions = _consultations()["het-oude-zwembad"]
    rows = _rows(round_of_questions["ideas"])
    assert Counter(row["state"] for row in rows) == {"published": 7, "received": 1}
    assert {row["prompt"] for row in rows if "prompt" in row} == {1, 2, 3}
    assert len(round_of_questions["prompts"]) == 3
    assert round_of_questions["closes_days_from_now"] < round_of_questions["phases"]["endorse"]
    assert round_of_questions["phases"]["endorse"] < round_of_questions["phases"]["deliberate"]


def test_every_published_closed_idea_lies_in_one_of_the_six_named_themes() -> None:
    named = [theme["name"] for theme in _consultations()["hitte-en-hevige-regen"]["themes"]]
    rows = _rows("closed_ideas.jsonl")
    assert len(named) == 6
    assert {row["theme"] for row in rows if row["state"] == "published"} == set(named)
    assert {row["theme"] for row in rows if row["state"] != "published"} == {None}


def test_ids_are_unique_and_follow_the_order_of_receipt() -> None:
    for name, letter in zip(IDEA_FILES, "whz", strict=True):
        rows = _rows(name)
        assert [row["id"] for row in rows] == [f"{letter}{number:03d}" for number in range(1, len(rows) + 1)]
        ages = [row["days_before_now"] for row in rows]
        assert ages == sorted(ages, reverse=True)


def test_only_the_double_send_repeats_a_text_to_the_letter() -> None:
    rows = [row for name in IDEA_FILES for row in _rows(name)]
    repeated = [body for body, times in Counter(row["body"] for row in rows).items() if times > 1]
    assert len(repeated) == 1
    twice = [row for row in rows if row["body"] == repeated[0]]
    assert [(row["state"], row.get("ground")) for row in twice] == [("published", None), ("rejected", "duplicate")]


@pytest.mark.parametrize("name", IDEA_FILES)
def test_every_idea_fits_its_columns(name: str) -> None:
    for row in _rows(name):
        assert IdeaState(row["state"]) in IdeaState
        assert IdeaKind(row["kind"]) in IdeaKind
        assert 1 <= len(row["title"]) <= 100, row["id"]
        assert 6 <= len(row["body"].split()) <= 250, row["id"]
        assert len(row["author"] or "") <= 80
        assert len(row["place"] or "") <= 80
        assert 0 <= row["supports"] <= 60


@pytest.mark.parametrize("name", IDEA_FILES)
def test_an_experience_names_the_service_and_where_it_got_stuck(name: str) -> None:
    for row in _rows(name):
        is_experience = row["kind"] == "experience"
        assert ("service" in row, "stuck" in row) == (is_experience, is_experience), row["id"]
        if is_experience:
            assert 1 <= len(row["service"]) <= 120
            assert row["stuck"]


@pytest.mark.parametrize("name", IDEA_FILES)
def test_what_is_not_published_has_a_known_ground_and_an_explanation(name: str) -> None:
    for row in _rows(name):
        if row["state"] in {"rejected", "returned"}:
            assert row["ground"] in GROUND_CODES
            assert len(row["explanation"]) > 40
        else:
            assert "ground" not in row


def test_support_is_long_tailed_and_only_for_what_was_published() -> None:
    rows = _rows("ideas.jsonl")
    counts = sorted((row["supports"] for row in rows), reverse=True)
    assert counts[len(counts) // 2] <= 5
    assert counts[0] >= 50
    assert [row["id"] for row in rows if row["supports"] and row["state"] in {"received", "rejected"}] == []


def test_ideas_were_received_while_their_consultation_was_open() -> None:
    """Half a day of room, since the loader's own time of day is not known here."""
    for consultation in _consultations().values():
        for row in _rows(consultation["ideas"]):
            days_from_now = -row["days_before_now"]
            assert consultation["opens_days_from_now"] + 0.5 < days_from_now, row["id"]
            if row.get("late"):
                assert consultation["closes_days_from_now"] + 0.6 < days_from_now < -40, row["id"]
            else:
                assert days_from_now < min(consultation["closes_days_from_now"] - 0.6, 0), row["id"]


def test_every_consultation_says_what_people_may_expect() -> None:
    consultations = _consultations()
    assert len(consultations) == 3
    for row in consultations.values():
        assert ConsultationState(row["state"]) in ConsultationState
        assert Policy(row["policy"]) in Policy
        assert len(row["title"]) <= 160
        for field in ("asked", "can_change", "is_fixed", "how_used", "who_decides", "effort", "results_when"):
            assert len(row[field]) > 60, field
        assert [ground["code"] for ground in row["grounds"]] == GROUND_CODES
        assert all(len(ground["title"]) <= 80 and ground["wording"] for ground in row["grounds"])


def test_every_consultation_closes_before_the_agenda_deadline_of_its_meeting() -> None:
    freeze_days = _json("panel.json")["panel"]["freeze_days"]
    meetings = _meetings()
    for slug, row in _consultations().items():
        meeting = meetings[row["meeting"]]
        assert meeting["consultation"] == slug
        last = max((row["closes_days_from_now"], *row.get("phases", {}).values()))
        assert last == meeting["days_from_now"] - freeze_days - 1
        assert row["closes_at"] == "12:00"


def test_the_panel_has_three_citizens_for_every_partner_member() -> None:
    panel = _json("panel.json")
    members = panel["members"]
    assert Counter((m["seat"], m["entry"]) for m in members if "seat" in m) == {
        ("citizen", "lot"): 18,
        ("citizen", "self_selected"): 6,
        ("partner", "appointed"): 8,
        ("facilitator", "appointed"): 1,
        ("adviser", "appointed"): 2,
    }
    assert Counter(m["role"] for m in members if "role" in m) == {
        "chair": 1,
        "secretary": 1,
        "commissioner": 1,
        "moderator": 2,
        "auditor": 1,
    }
    assert all(SeatKind(m["seat"]) in SeatKind for m in members if "seat" in m)
    assert all(SeatEntry(m["entry"]) in SeatEntry for m in members)
    assert panel["agreement"]["threshold_percent"] == 75
    assert panel["agreement"]["response_months"] == 6
    assert len(panel["agreement"]["draw_seed"]) <= 64


def test_every_address_is_unique_and_can_never_be_delivered() -> None:
    emails = [member["email"] for member in _json("panel.json")["members"]]
    assert len(emails) == len(set(emails))
    everywhere = re.findall(r"[\w.+-]+@[\w.-]+", _all_text())
    assert {address.rsplit("@", 1)[1] for address in everywhere} == {"waterveen.example"}


def test_no_text_holds_a_phone_number_or_a_citizen_number_but_the_one_made_up_for_the_queue() -> None:
    rows = [row for name in IDEA_FILES for row in _rows(name)]
    with_digits = [row for row in rows if re.search(r"\d[\d\s-]{6,}\d", row["title"] + " " + row["body"])]
    assert [(row["state"], "06-00000000" in row["body"]) for row in with_digits] == [("received", True)]
    for digits in re.findall(r"(?<!\d)\d{9}(?!\d)", _all_text()):
        weighed = sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
        assert weighed % 11 != 0


def test_three_meetings_one_held_one_convened_one_planned() -> None:
    meetings = _meetings()
    assert {number: row["state"] for number, row in meetings.items()} == {
        1: MeetingState.MINUTES_PUBLISHED,
        2: MeetingState.CONVENED,
        3: MeetingState.PLANNED,
    }
    assert [row["days_from_now"] for row in meetings.values()] == [-35, 18, 75]
    assert {row["local_time"] for row in meetings.values()} == {"19:30"}


def test_the_held_meeting_treated_every_theme_within_its_time() -> None:
    held = _meetings()[1]
    named = [theme["name"] for theme in _consultations()["hitte-en-hevige-regen"]["themes"]]
    agenda = held["agenda"]
    assert [point["theme"] for point in agenda] == named
    assert [point["position"] for point in agenda] == [1, 2, 3, 4, 5, 6]
    assert sum(point["minutes"] for point in agenda) <= held["minutes_long"]
    for point in agenda:
        assert ItemState(point["state"]) in {ItemState.DISCUSSED, ItemState.KEPT}
        assert point["question"]
        assert point["presenter"]
        assert point["what_was_said"]
        assert point["advice"]
        assert (point["state"] == "kept") == bool(point["reason"])


def test_what_was_kept_comes_back_on_the_next_agenda() -> None:
    meetings = _meetings()
    kept = [point for point in meetings[1]["agenda"] if point["state"] == "kept"]
    carried = [point["carried_from"] for point in meetings[2]["agenda"] if point["carried_from"]]
    assert carried == [{"meeting": 1, "position": point["position"]} for point in kept]


def test_an_exception_names_an_idea_of_the_same_theme_and_gives_a_reason() -> None:
    theme_of = {row["id"]: row["theme"] for row in _rows("closed_ideas.jsonl")}
    for point in _meetings()[1]["agenda"]:
        assert IdeaRoute(point["route_of_ideas"]) in IdeaRoute
        for exception in point["exceptions"]:
            assert theme_of[exception["idea"]] == point["theme"]
            assert IdeaRoute(exception["route"]) in {IdeaRoute.NOT_TAKEN, IdeaRoute.TAKEN_ALONG}
            assert len(exception["reason"]) > 40


def test_three_advices_were_adopted_and_got_three_different_responses() -> None:
    advices = _meetings()[1]["recommendations"]
    positions = {point["position"]: point["theme"] for point in _meetings()[1]["agenda"]}
    assert [advice["response"]["state"] for advice in advices] == [
        ResponseState.ACCEPTED,
        ResponseState.PARTLY,
        ResponseState.AWAITED,
    ]
    for advice in advices:
        assert advice["state"] == RecommendationState.SUBMITTED
        assert advice["votes_for"] + advice["votes_against"] == 30
        assert advice["votes_for"] * 100 >= 75 * 30
        assert advice["agenda_item"] in advice["agenda_items"]
        assert advice["themes"] == [positions[position] for position in advice["agenda_items"]]
        response = advice["response"]
        is_answered = response["state"] != "awaited"
        assert bool(response["reasons"] and response["owner"] and response["done_by_days_from_now"]) == is_answered


def test_every_place_named_is_one_of_the_municipality() -> None:
    panel = _json("panel.json")
    places = set(panel["municipality"]["places"])
    assert {row["place"] for name in IDEA_FILES for row in _rows(name) if row["place"]} == places
    assert {member["place"] for member in panel["members"] if member.get("seat") == "citizen"} == places
