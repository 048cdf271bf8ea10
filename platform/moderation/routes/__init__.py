"""The HTTP edge of moderation: for everybody and for authors, and for moderators."""

from litestar import Controller

from moderation.routes.answers import AppealAnswers, ReportAnswers
from moderation.routes.public import Authors, PublicRecords, Reporting
from moderation.routes.staff import Queue

MODERATION: list[type[Controller]] = [Queue, ReportAnswers, AppealAnswers, Reporting, Authors, PublicRecords]
