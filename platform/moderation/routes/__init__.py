"""The HTTP edge of moderation: for everybody and for authors, and for moderators."""

from litestar import Controller

from moderation.routes.answer_appeals import AnswerAppeals
from moderation.routes.answers import AppealAnswers, ReportAnswers
from moderation.routes.blocks import Blocks, NewBlocks
from moderation.routes.masking import Masking
from moderation.routes.merging import Merging, Splitting
from moderation.routes.own_answers import Answers, FileAnswers
from moderation.routes.own_blocks import BlockLetters, OwnBlock
from moderation.routes.own_merges import OwnMerges
from moderation.routes.plans import Bulk, Plans
from moderation.routes.public import Authors, PublicRecords, Reporting
from moderation.routes.signals import SecondLooks
from moderation.routes.staff import Queue
from moderation.routes.support import Support

MODERATION: list[type[Controller]] = [
    Queue,
    Plans,
    Bulk,
    Merging,
    Splitting,
    OwnMerges,
    SecondLooks,
    Masking,
    ReportAnswers,
    AppealAnswers,
    AnswerAppeals,
    NewBlocks,
    Blocks,
    OwnBlock,
    BlockLetters,
    Support,
    Reporting,
    Authors,
    Answers,
    FileAnswers,
    PublicRecords,
]
