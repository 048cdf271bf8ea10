"""The public edge of this room, by what it is about: consultations, ideas, and the links in letters."""

from litestar import Controller

from consultations.routes.comments import Comments
from consultations.routes.consultations import Consultations
from consultations.routes.files import OwnFiles, PublicFiles
from consultations.routes.ideas import Ideas
from consultations.routes.kept_drafts import KeepingDrafts, OpeningDrafts, OwnDrafts
from consultations.routes.links import Confirming, Receipts
from consultations.routes.sending_in import SendingIn
from consultations.routes.similar import SimilarIdeas
from consultations.routes.translations import Translations
from consultations.routes.versions import Editing, Versions

CONSULTATIONS: list[type[Controller]] = [
    *(Consultations, SendingIn, SimilarIdeas, Ideas, Comments, Confirming, Receipts),
    *(OwnFiles, PublicFiles),
    *(KeepingDrafts, OpeningDrafts, OwnDrafts, Versions, Editing, Translations),
]
