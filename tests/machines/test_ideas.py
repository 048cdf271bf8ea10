"""An idea and its moderation: sent in, confirmed, looked at, decided about, revised, withdrawn, supported."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis.strategies import booleans, integers, just, one_of, sampled_from, tuples

from accounts import roles
from accounts.actor import ANONYMOUS
from accounts.states import Role
from consultations import editing, endorsements, ideas, leaving, queries
from consultations.ideas import Written
from consultations.ledger import Ledger
from kernel import tokens
from kernel.db import ReadSession, WriteSession
from moderation import decisions, queue
from moderation import queries as moderation_queries
from moderation.rules import mark_of
from moderation.states import Outcome
from tests.builders import a_moderated_consultation, a_moderator, a_person
from tests.engines import Databases
from tests.machines.stage import Machine, run
from tests.moments import CLOSES, OPENS

SECRET = "GEHEIM"
RESULT = {"publish": "published", "return": "returned", "hold": "held", "reject": "rejected", "remove": "removed"}
MAY = {
    "publish": {"received", "in_review", "held"},
    "return": {"received", "in_review", "held"},
    "hold": {"received", "in_review"},
    "reject": {"received", "in_review", "held", "returned"},
    "remove": {"published"},
}
WITHDRAWS = {"received", "in_review", "returned", "held", "published"}
PARTS = ("in_review", "published", "rejected", "held", "returned", "withdrawn", "removed")
TWO_DAYS, A_WEEK = timedelta(hours=48), timedelta(days=7)


def digest_of(text: str) -> str:
    """The fingerprint of a version whose title is its text."""
    return hashlib.sha256("\x1f".join((text, text, "", "")).encode()).hexdigest()


@dataclass
class Idea:
    """What product.md says of one idea."""

    author: int
    sent_at: datetime
    state: str
    texts: list[str] = field(default_factory=list)
    late: bool = False
    returned_at: datetime | None = None
    decided: int = 0
    claim: tuple[int, datetime] | None = None
    support: set[int] = field(default_factory=set)
    was_public: bool = False
    edited_at: list[datetime] = field(default_factory=list)

    def may_decide(self, outcome: str, *, seen: tuple[int, int], has_reason: bool) -> bool:
        """On what was seen, from a state that allows it, with a ground and an explanation when it restricts."""
        is_fresh = seen == (self.decided, len(self.texts))
        is_first = outcome != "return" or self.returned_at is None  # a text goes back once
        return is_fresh and is_first and self.state in MAY[outcome] and (has_reason or outcome == "publish")

    def decide(self, outcome: str, now: datetime) -> None:
        self.state, self.claim = RESULT[outcome], None
        self.decided += 1
        self.was_public |= outcome == "publish"
        self.returned_at = now if outcome == "return" else self.returned_at

    def may_revise(self, now: datetime) -> bool:
        """Once, within seven days."""
        in_time = self.returned_at is not None and now < self.returned_at + A_WEEK
        return self.state == "returned" and in_time and len(self.texts) - len(self.edited_at) == 1

    def may_edit(self, now: datetime) -> bool:
        """A week, before the close what came in time, and while nobody supports it or sent it back."""
        until = self.sent_at + A_WEEK if self.late else min(self.sent_at + A_WEEK, CLOSES)
        is_open = now >= OPENS and now < until and (self.late or now < CLOSES)
        is_free = self.state in {"received", "in_review", "published"} and self.returned_at is None
        return is_open and is_free and not self.support and self.edits_left(now) > 0

    def edits_left(self, now: datetime) -> int:
        """Five a day."""
        return 5 - sum(at > now - timedelta(days=1) for at in self.edited_at)

    def looked_at_by(self, moderator: int, now: datetime) -> bool:
        """Ten minutes for who comes first; a claim of one's own is renewed."""
        if self.claim is not None and self.claim[0] != moderator and now < self.claim[1]:
            return False
        self.claim = (moderator, now + timedelta(minutes=10))
        self.state = "in_review" if self.state == "received" else self.state
        return True


async def world(tx: WriteSession) -> Any:
    consultation = await a_moderated_consultation(tx)
    residents = [await roles.actor_for(tx, person=await a_person(tx)) for _ in range(3)]
    blocked = await roles.actor_for(tx, person=await a_person(tx, role=Role.BLOCKED))
    return consultation.id, residents, blocked, [await a_moderator(tx) for _ in range(2)]


WHICH, WHO = integers(0, 5), integers(0, 1)


class Ideas(Machine):
    world = world
    moves = one_of(
        tuples(just("submit"), integers(0, 5)),
        tuples(just("confirm"), WHICH),
        tuples(just("discard")),
        tuples(just("look"), WHICH, WHO),
        tuples(just("decide"), WHICH, WHO, sampled_from(list(Outcome)), booleans() | just(True), booleans()),
        tuples(just("decide"), WHICH, WHO, sampled_from(list(Outcome)), just(True), just(False)),
        tuples(just("revise"), WHICH),
        tuples(just("edit"), WHICH),
        tuples(just("withdraw"), WHICH),
        tuples(just("endorse"), WHICH, integers(0, 2)),
        tuples(just("retract"), WHICH, integers(0, 2)),
    )

    prologue = (
        ("submit", 0),
        ("submit", 4),
        ("confirm", 1),
        ("decide", 0, 0, Outcome.RETURN, True, False),
        ("revise", 0),
        ("look", 0, 1),
        ("decide", 0, 1, Outcome.PUBLISH, True, True),
        ("decide", 1, 0, Outcome.PUBLISH, True, False),
        ("edit", 1),
        ("decide", 1, 0, Outcome.PUBLISH, True, False),
    )

    def begin(self) -> None:
        self.consultation, self.residents, self.blocked, self.moderators = self.told
        self.model: dict[int, Idea] = {}
        self.gone: set[int] = set()
        self.links: dict[int, str] = {}
        self.pages: dict[int, tuple[str, tuple[int, int]]] = {}
        self.written = 0

    def which(self, number: int) -> int:
        """One of the newest ideas; 0 when there is none."""
        newest = sorted(self.model)[-6:]
        return newest[number % len(newest)] if newest else 0

    def dates(self) -> Sequence[datetime]:
        ends = [OPENS, CLOSES]
        for idea in self.model.values():
            if idea.state == "submitted":
                ends.append(idea.sent_at + TWO_DAYS)
            if idea.returned_at is not None and idea.state == "returned":
                ends.append(idea.returned_at + A_WEEK)
        return ends

    # moves

    def submit(self, who: int) -> Any:
        """0–2 people we know, 3 a blocked one, 4 and 5 an address nobody confirmed."""
        self.written += 1
        text = f"{SECRET} nummer {self.written}"
        known = [*self.residents, self.blocked][who] if who < 4 else ANONYMOUS

        async def do(tx: WriteSession) -> tuple[int, str, int]:
            consultation = await queries.by_id(tx, self.consultation)
            idea = await ideas.submit(
                tx,
                actor=known,
                consultation=consultation,
                written=Written(body=text),
                email=f"onbekend{who}@waterveen.example",
                now=self.now,
            )
            link = "" if known.is_signed_in else await ideas.confirm_link(tx, idea=idea, now=self.now)
            return idea.id, link.rpartition("/")[2], idea.author_id

        def judge(answer: tuple[int, str, int] | None) -> bool:
            recent = [
                one
                for one in self.model.values()
                if one.state == "submitted" and one.author == -who and one.sent_at > self.now - timedelta(days=1)
            ]
            if self.now < OPENS or who == 3 or (who > 3 and len(recent) >= 3):
                return False
            if answer is not None:
                idea_id, link, author = answer
                assert idea_id not in self.model
                assert idea_id not in self.gone
                state = "received" if known.is_signed_in else "submitted"
                self.model[idea_id] = Idea(
                    author if known.is_signed_in else -who, self.now, state, [text], late=self.now >= CLOSES
                )
                self.links[idea_id] = link
                self.expect(f"idea:{idea_id}", f"idea.{state}")
            return True

        return do, judge

    def confirm(self, number: int) -> Any:
        """The button behind the letter's link."""
        target = self.which(number)
        link = self.links.get(target, "")

        async def do(tx: WriteSession) -> None:
            token = await tokens.consume(tx, purpose=ideas.CONFIRM, secret=link, now=self.now)
            await ideas.confirm(tx, idea=await queries.idea_by_id(tx, token.subject_id), now=self.now)

        def judge(_: Any) -> bool:
            idea = self.model.get(target)
            if idea is None or not link or idea.state != "submitted" or self.now >= idea.sent_at + TWO_DAYS:
                return False
            idea.state = "received"
            self.expect(f"idea:{target}", "idea.received")
            return True

        return do, judge

    def discard(self) -> Any:
        """What the clock brings to unconfirmed ideas."""

        async def do(tx: WriteSession) -> int:
            return await leaving.discard_unconfirmed(tx, now=self.now)

        def judge(_: Any) -> bool:
            old = [
                one
                for one, idea in self.model.items()
                if idea.state == "submitted" and self.now >= idea.sent_at + TWO_DAYS
            ]
            for idea_id in old:
                del self.model[idea_id]
                self.gone.add(idea_id)
            return True

        return do, judge

    def look(self, number: int, who: int) -> Any:
        """A moderator takes it in hand."""
        target, moderator = self.which(number), self.moderators[who]
        if target:
            self.pages[target] = self._page(target)

        async def do(tx: WriteSession) -> bool:
            return await queue.claim(tx, idea=await queries.idea_by_id(tx, target), actor=moderator, now=self.now)

        def judge(answer: bool | None) -> bool:
            idea = self.model.get(target)
            if idea is None or idea.state == "submitted":
                return False
            got = idea.looked_at_by(who, self.now)
            assert answer is None or answer is got
            if got:
                self.expect(f"idea:{target}", "idea.claim_changed")
            return True

        return do, judge

    def decide(self, number: int, who: int, outcome: Outcome, has_reason: bool, from_old_page: bool) -> Any:
        """On the page as it was opened now, or when somebody looked last."""
        target, moderator = self.which(number), self.moderators[who]
        page = self.pages.get(target) if from_old_page else None
        page = page or (self._page(target) if target else ("", (0, 0)))
        mark, seen = page

        async def do(tx: WriteSession) -> None:
            await decisions.decide(
                tx,
                idea=await queries.idea_by_id(tx, target),
                actor=moderator,
                outcome=outcome,
                ground_code="commercial" if has_reason else None,
                explanation="Uitleg",
                seen=mark,
                now=self.now,
            )

        def judge(_: Any) -> bool:
            idea = self.model.get(target)
            if idea is None or not idea.may_decide(outcome.value, seen=seen, has_reason=has_reason):
                return False
            idea.decide(outcome.value, self.now)
            self.expect(f"idea:{target}", f"idea.{idea.state}", "idea.decision_taken")
            return True

        return do, judge

    def _page(self, target: int) -> tuple[str, tuple[int, int]]:
        async def look(db: ReadSession) -> str:
            last = await moderation_queries.latest_decision(db, target)
            return mark_of((await queries.current_version(db, target)).sha256, last.id if last else None)

        idea = self.model[target]
        return self.read(look), (idea.decided, len(idea.texts))

    def revise(self, number: int) -> Any:
        """Its author writes it anew."""
        target = self.which(number)
        self.written += 1
        text = f"{SECRET} beter {self.written}"

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            await ideas.revise(tx, idea=idea, written=Written(body=text), actor_id=idea.author_id, now=self.now)

        def judge(_: Any) -> bool:
            idea = self.model.get(target)
            if idea is None or not idea.may_revise(self.now):
                return False
            idea.state = "received"
            idea.texts.append(text)
            self.expect(f"idea:{target}", "idea.revised")
            return True

        return do, judge

    def edit(self, number: int) -> Any:
        """Its author changes it before anybody supported it."""
        target = self.which(number)
        self.written += 1
        text = f"{SECRET} anders {self.written}"

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            await editing.edit(tx, idea=idea, written=Written(body=text), now=self.now)

        def judge(_: Any) -> bool:
            idea = self.model.get(target)
            if idea is None or not idea.may_edit(self.now):
                return False
            idea.state = "received"
            idea.texts.append(text)
            idea.edited_at.append(self.now)
            self.expect(f"idea:{target}", "idea.edited")
            return True

        return do, judge

    def withdraw(self, number: int) -> Any:
        """Its author takes it back."""
        target = self.which(number)

        async def do(tx: WriteSession) -> None:
            idea = await queries.idea_by_id(tx, target)
            await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=self.now)

        def judge(_: Any) -> bool:
            idea = self.model.get(target)
            if idea is None or idea.state not in WITHDRAWS:
                return False
            idea.state = "withdrawn"
            self.expect(f"idea:{target}", "idea.withdrawn")
            return True

        return do, judge

    def endorse(self, number: int, who: int) -> Any:
        """Support, once a person."""
        return self._support(self.which(number), who, is_given=True)

    def retract(self, number: int, who: int) -> Any:
        """Support taken back."""
        return self._support(self.which(number), who, is_given=False)

    def _support(self, target: int, who: int, *, is_given: bool) -> Any:
        person_id = self.residents[who].person_id

        async def do(tx: WriteSession) -> bool:
            idea = await queries.idea_by_id(tx, target)
            if is_given:
                return await endorsements.endorse(tx, idea=idea, person_id=person_id, now=self.now)
            return await endorsements.retract(tx, idea=idea, person_id=person_id, now=self.now)

        def judge(answer: bool | None) -> bool:
            idea = self.model.get(target)
            if idea is None or (is_given and idea.state != "published"):
                return False
            changes = (who in idea.support) is not is_given
            assert answer is None or answer is changes
            if changes:
                idea.support ^= {who}
                self.expect(f"idea:{target}", "idea.endorsed" if is_given else "idea.endorsement_retracted")
            return True

        return do, judge

    # what must hold

    def check(self) -> None:
        async def look(db: ReadSession) -> tuple[Ledger, set[int]]:
            published = await queries.published(db, self.consultation, most=500)
            return await queries.ledger(db, self.consultation), {idea.id for idea in published.ideas}

        told, public = self.read(look)
        self._every_idea_stands_where_the_book_says()
        self._the_ledger_adds_up(told)
        self._a_text_never_changes_and_goes_when_it_is_withdrawn()
        self._what_is_kept_back_is_nowhere_public_and_has_its_decision(public)

    def _every_idea_stands_where_the_book_says(self) -> None:
        found = {
            idea_id: (state, bool(late), support)
            for idea_id, state, late, support in self.rows("SELECT id, state, is_late, endorsement_count FROM idea")
        }
        assert found == {one: (idea.state, idea.late, len(idea.support)) for one, idea in self.model.items()}
        given = self.rows("SELECT idea_id, count(*) FROM endorsement GROUP BY idea_id")
        assert dict(given) == {one: len(idea.support) for one, idea in self.model.items() if idea.support}

    def _the_ledger_adds_up(self, told: Ledger) -> None:
        counted = [idea.state for idea in self.model.values() if idea.state != "submitted"]
        parts = {name: counted.count(name) for name in PARTS}
        parts["in_review"] += counted.count("received")
        assert told.parts == parts
        assert told.received == sum(parts.values()) == len(counted)
        assert sum(told.routes.values()) == told.published
        assert told.late == sum(idea.late for idea in self.model.values() if idea.state != "submitted")

    def _a_text_never_changes_and_goes_when_it_is_withdrawn(self) -> None:
        found: dict[int, list[tuple[str, str]]] = {}
        texts = "SELECT idea_id, title || body, sha256 FROM idea_version ORDER BY idea_id, number"
        for idea_id, text, digest in self.rows(texts):
            found.setdefault(idea_id, []).append((text, digest))
        assert found == {
            idea_id: [("" if idea.state == "withdrawn" else text * 2, digest_of(text)) for text in idea.texts]
            for idea_id, idea in self.model.items()
        }

    def _what_is_kept_back_is_nowhere_public_and_has_its_decision(self, public: set[int]) -> None:
        assert public == {one for one, idea in self.model.items() if idea.state == "published"}
        assert not self.rows("SELECT id FROM event WHERE CAST(facts AS TEXT) LIKE ?", f"%{SECRET}%")
        decided: dict[int, list[str]] = {}
        for idea_id, outcome in self.rows("SELECT idea_id, outcome FROM moderation_decision ORDER BY id"):
            decided.setdefault(idea_id, []).append(outcome)
        assert {one: len(taken) for one, taken in decided.items()} == {
            one: idea.decided for one, idea in self.model.items() if idea.decided
        }
        for idea_id, idea in self.model.items():
            if idea.state in {"rejected", "removed", "held", "returned"}:
                assert RESULT[decided[idea_id][-1]] == idea.state


def test_an_idea_goes_as_the_book_says_whoever_comes_first(databases: Databases, migrated_database: str) -> None:
    run(Ideas, databases)
