"""The pages about blocks, for moderators and for who is blocked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from kernel.pages import Page
from moderation.block_forms import BlockForm, LiftForm
from moderation.block_queries import Behind, SentLately, Told
from moderation.conduct import ConductText
from moderation.forms import AppealForm, AppealVerdictForm
from moderation.states import Conduct, Ending, Outcome


@dataclass(frozen=True, kw_only=True)
class BlocksPage(Page):
    """Every block, those in force first."""

    template: ClassVar[str] = "moderation/blocks.html"
    blocks: Sequence[Told]
    in_force: frozenset[int]
    conduct: Mapping[Conduct, ConductText]
    endings: Mapping[Ending, str]


@dataclass(frozen=True, kw_only=True)
class BlockPage(Page):
    """One block with its history, and what can be done about it."""

    template: ClassVar[str] = "moderation/block.html"
    told: Told
    holds: bool
    text: ConductText
    endings: Mapping[Ending, str]
    earlier: Sequence[Told]
    may_lift: bool
    moderates: bool
    may_decide: bool
    lift: LiftForm
    verdict: AppealVerdictForm
    banner: str
    now: datetime


@dataclass(frozen=True, kw_only=True)
class NewBlockPage(Page):
    """Asks for the reason, beside what the person sent lately."""

    template: ClassVar[str] = "moderation/new_block.html"
    behind: Behind
    address: str
    back: str
    form: BlockForm
    conduct: Mapping[Conduct, ConductText]
    lately: SentLately
    names: Mapping[Outcome, str]
    endings: Mapping[Ending, str]
    is_blocked: bool


@dataclass(frozen=True, kw_only=True)
class OwnBlockPage(Page):
    """What was decided about the reader, why, and how to object."""

    template: ClassVar[str] = "moderation/own_block.html"
    told: Told
    holds: bool
    text: ConductText
    endings: Mapping[Ending, str]
    appeal_address: str
    may_appeal: bool
    appeal_until: datetime
    due_at: datetime
    form: AppealForm
    is_lodged: bool
    stops_reports: bool


@dataclass(frozen=True, kw_only=True)
class NotBlockedPage(Page):
    """Nobody blocked the reader."""

    template: ClassVar[str] = "moderation/not_blocked.html"
