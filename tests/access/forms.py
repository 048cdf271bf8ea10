"""What is filled in on each form, so that whoever may, does something; the rest are refused whatever they fill in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moderation.grounds import DEFAULT_GROUNDS
from panels.mandates import Terms
from tests.access.town import Town
from tests.moments import NOON

Filled = dict[str, Any]
WHY = "Dit staat er om een goede reden."
GROUND_CODES = [one.code for one in DEFAULT_GROUNDS]
_MEETING = {
    "title": "Extra bijeenkomst",
    "place": "Dorpshuis",
    "starts_date": "2027-01-20",
    "starts_time": "19:30",
    "minutes_long": "120",
    "reason": WHY,
}
_PANEL = {
    "name": "Nieuw panel",
    **dict.fromkeys(Terms.__dataclass_fields__, WHY),
    "contact_name": "Secretariaat",
    "contact_email": "nieuw@waterveen.example",
    "freeze_days": "8",
    "publish_days": "7",
    "briefing_days": "5",
    "response_months": "6",
}
_AGREED = {
    "partner": "Gemeente",
    **dict.fromkeys(("size", "duration", "set_up", "funding", "how_treated", "council_role", "draw_method"), WHY),
    "threshold_percent": "75",
    "draw_seed": "12",
    "agreed_on": "2026-11-01",
}
_BLOCK = {"ground": "unfounded_reports", "explanation": WHY, "last_day": "2026-12-24", "sure": "on"}
_TASK = {"name": "Nieuw iemand", "email": "nieuw.iemand@waterveen.example"}
_SECRETARYS_DRAFT = {
    "title": "Een nieuwe vraag",
    **dict.fromkeys(
        ("summary", "question", "asked", "can_change", "is_fixed", "how_used", "who_decides", "effort"), WHY
    ),
    "results_when": WHY,
    "policy": "hold_all",
    "opens_date": "2026-11-25",
    "opens_time": "09:00",
    "closes_date": "2026-11-28",
    "closes_time": "12:00",
}


def _draft(town: Town) -> Filled:
    return {**_SECRETARYS_DRAFT, "meeting_id": town.things["meeting:agenda_open"]["meeting_id"]}


def _theme(town: Town, word: str = "current") -> int:
    return int(town.things[f"theme:{word}"]["theme_id"])


def _regroup(town: Town) -> Filled:
    idea_id = town.things["idea:published"]["idea_id"]
    given = {"theme_id": _theme(town), "idea_ids": idea_id, "to": _theme(town, "second"), "regroup_reason": WHY}
    return {**given, "new_name": "Nieuw thema"}


def _chosen(town: Town) -> Filled:
    received = town.things["idea:received"]
    return {"chosen": f"{received['idea_id']}:{received['seen']}"}


FORMS: dict[str, Filled | Callable[[Town], Filled]] = {
    "sign_in.send": {"email": "iemand@waterveen.example"},
    "language.set": {"language": "en", "next": "/"},
    "idea.submit": {"title": "Een nieuw idee", "body": WHY, "email": "inzender@waterveen.example"},
    "endorsement.endorse": {"email": "steuner@waterveen.example"},
    "idea.revised": {"title": "Beter", "body": WHY},
    "idea.withdraw": {"sure": "on"},
    "idea.edited": {"title": "Duidelijker", "body": WHY},
    "draft.keep": {"body": WHY, "email": "schrijver@waterveen.example"},
    "draft.save": {"body": WHY},
    "draft.discard": {"sure": "on"},
    "appeal.lodge": {"reason": WHY},
    "answer.appeal": {"reason": WHY},
    "file.appeal": {"reason": WHY},
    "answer_appeal.decide": {"verdict": "upheld", "answer": WHY},
    "comment.submit": {"body": WHY, "sender": "aanvuller@waterveen.example"},
    "comment.begin": {"body": WHY},
    "report.send": {"reason": WHY, "is_abuse": "on", "good_faith": "on"},
    "page_report.send": {"place": "/panels", "reason": WHY, "is_abuse": "on", "good_faith": "on"},
    "page_report.answer": {"verdict": "dismissed", "answer": WHY},
    "subscription.follow": {"email": "volger@waterveen.example"},
    "subscription.change": {"cadence": "daily", "hour": "9"},
    "masking.mask": {
        "step": "mask",
        "place": "body:0:3:name",
        "ground": "personal_data",
        "explanation": WHY,
    },
    "decision.decide": {"outcome": "reject", "ground": "commercial", "explanation": WHY},
    "plan.undo_together": {"together": "ours"},
    "plan.carry_out": {"together": "ours"},
    "bulk.decide": lambda town: {**_chosen(town), "outcome": "publish", "step": "carry_out"},
    "merge.merge": lambda town: {
        "into": town.things["idea:free"]["idea_id"],
        "reason": WHY,
        "both_seen": town.things["idea:carries"]["both_seen"],
    },
    "split.split": lambda town: {
        "piece-0": "1",
        "piece-1": "2",
        "reason": WHY,
        "sure": "1",
        "whole_seen": town.things["idea:free"]["whole_seen"],
    },
    "report.answer": {"verdict": "dismissed", "answer": WHY},
    "appeal.decide": {"verdict": "upheld", "answer": WHY},
    "conversation.ask": {"body": WHY, "asks": "1"},
    "conversation.answer": {"body": WHY},
    "theme_question.ask": {"body": WHY},
    "workbench.rename": lambda town: {"theme_id": _theme(town), "name": "Andere naam"},
    "workbench.merge": lambda town: {"theme_id": _theme(town, "second"), "into_id": _theme(town)},
    "workbench.move": _regroup,
    "workbench.split": _regroup,
    "workbench.lock": lambda town: {"theme_id": _theme(town), "name": "Zitten"},
    "desk.plan": lambda town: {**_MEETING, "panel_id": town.things["panel:ours"]["panel_id"]},
    "desk.reschedule": {**_MEETING, "closes": "stays"},
    "desk.cancel": {"why": WHY},
    "desk.step": {"step": "freeze"},
    "desk.order": lambda town: {"item_id": town.things["point:open-agenda_open"]["item_id"], "direction": "down"},
    "desk.point_add": {"title": "Nieuw punt", "minutes": "10"},
    "desk.leave_out": lambda town: {"theme": _theme(town), "reason": WHY},
    "desk.point_change": {"title": "Ander punt", "minutes": "10"},
    "desk.point_withdraw": {"reason": WHY},
    "desk.minutes_intro": {"intro": WHY},
    "desk.note_write": {"outcome": "discussed", "what_was_said": WHY},
    "desk.apart": lambda town: {
        "idea_id": town.things["idea:published"]["idea_id"],
        "route": "not_taken",
        "own_reason": WHY,
    },
    "desk.advice_draft": {"title": "Nieuw advies", "text": WHY},
    "desk.advice_step": {"step": "reword", "title": "Ander advies", "text": WHY},
    "desk.respond": {
        "state": "accepted",
        "reasons": WHY,
        "owner": "De wethouder",
        "done_by": f"{NOON + timedelta(days=90):%Y-%m-%d}",
    },
    "desk.progress": {"text": WHY},
    "set_up.grant": {**_TASK, "role": "moderator"},
    "set_up.revoke": lambda town: {"person_id": town.people["moderator"].person_id, "role": "moderator"},
    "set_up.establish": _PANEL,
    "set_up.change_address": {
        "old_email": "resident@waterveen.example",
        "new_email": "ander.adres@waterveen.example",
        "reason": WHY,
    },
    "support.decide": {"verdict": "released", "reason": WHY},
    "trace.ask": lambda town: {
        "about": "idea",
        "which": str(town.things["idea:held"]["idea_id"]),
        **{f"{end}_date": f"2026-{month}-01" for end, month in (("since", 11), ("until", 12))},
        **{f"{end}_time": "00:00" for end in ("since", "until")},
    },
    "set_up.reset_second_factor": {"reason": WHY},
    "sign_in.use_code": {"code": "ABCDEF"},
    "account.language": {"language": "en"},
    "account.name": {"name": "Een ander"},
    "own_data.erase": {"sure": "1"},
    "address.ask": {"email": "ander.adres@waterveen.example"},
    "address.use_code": {"code": "ABCDEF"},
    "block.impose_for_idea": _BLOCK,
    "block.impose_for_report": _BLOCK,
    "block.impose_for_support": _BLOCK,
    "block.lift": {"lift_reason": WHY},
    "block.decide": {"verdict": "upheld", "answer": WHY},
    "block.appeal": {"reason": WHY},
    "block.letter_appeal": {"reason": WHY},
    "set_up.grant_for_panel": {**_TASK, "role": "chair"},
    "set_up.revoke_for_panel": lambda town: {"person_id": town.people["chair"].person_id, "role": "chair"},
    "set_up.agree": _AGREED,
    "set_up.seat": {**_TASK, "kind": "citizen", "entry": "lot"},
    "consultation_desk.draft": _draft,
    "consultation_desk.rewrite": lambda town: {**_draft(town), "slug": "vraag-anders"},
    "consultation_desk.write_grounds": lambda _: {
        f"{part}_{code}": WHY for part in ("title", "wording") for code in GROUND_CODES
    },
    "consultation_desk.choose_ways": {"offline_help": WHY},
    "on_behalf.enter": {
        "way": "paper",
        "kind": "idea",
        "body": WHY,
        "handed_in_date": "2026-11-23",
        "handed_in_time": "12:00",
    },
    "queue.file_decide": {"verdict": "show"},
    "receipt.find": {"number": "2026-00001", "code": "BCDF-GHJK-MNPQ-RTVW"},
    "consultation_desk.extend": {"closes_date": "2026-12-01", "closes_time": "12:00", "reason": WHY},
    "consultation_desk.tighten": {"policy": "hold_all"},
    "consultation_desk.suspend": {"suspend_reason": WHY},
    "consultation_desk.cancel": {"cancel_reason": WHY},
}


def filled(name: str, town: Town, *words: str) -> Filled:
    """The fields of a route's form about these things."""
    given = FORMS.get(name, {})
    return {**(given(town) if callable(given) else given), **town.fields(*words)}
