"""The HTTP edge of this room: following, unsubscribing, digests on the web, the letters of a demo, the socket."""

from litestar.types import ControllerRouterHandler

from notify.live import live, ticket
from notify.routes.demo_mail import DemoMail
from notify.routes.following import Follow, Following
from notify.routes.letters import Digests, Unsubscribe

NOTIFY: list[ControllerRouterHandler] = [Follow, Following, Unsubscribe, Digests, DemoMail, ticket, live]
