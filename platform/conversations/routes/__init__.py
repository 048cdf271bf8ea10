"""The HTTP edge of this room: an author's page behind the receipt, and the pages of staff."""

from litestar.types import ControllerRouterHandler

from conversations.routes.authors import OwnConversation
from conversations.routes.staff import ConversationWork
from conversations.routes.themes import ThemeQuestions

CONVERSATIONS: list[ControllerRouterHandler] = [OwnConversation, ConversationWork, ThemeQuestions]
