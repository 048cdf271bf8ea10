"""All wiring, on one page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from jinja2 import Environment
from litestar import Litestar
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.exceptions import InternalServerException
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from accounts.routes import ACCOUNTS
from accounts.second_factor_routes import AskCode, OwnSecondFactor
from consultations.routes import CONSULTATIONS
from consultations.studio import Studio
from conversations.routes import CONVERSATIONS
from kernel.clock import Clock, clock_from
from kernel.cookies import CSRF, cookie_name
from kernel.db import Database
from kernel.i18n import load_catalogues
from kernel.settings import Settings
from klankbord import asset_dir, second_steps
from klankbord.api.routes import api_router, openapi_config
from klankbord.crowds import FORMS_GIVEN_BACK, Crowds
from klankbord.errors import HANDLERS, no_such_file
from klankbord.files_desk import FileQueue
from klankbord.home import Home
from klankbord.letterbox import Letterbox
from klankbord.logs import set_up_logs
from klankbord.on_behalf.routes import ON_BEHALF
from klankbord.own_data.routes import WhatIsKept, WhatIsMine
from klankbord.page_reports import PAGE_REPORTS
from klankbord.panel_record import PanelRecords
from klankbord.plugged_in import translator_from
from klankbord.providers import PROVIDERS
from klankbord.reception import Reception, look_before
from klankbord.security_page import Security
from klankbord.set_up.routes import SET_UP
from klankbord.templating import make_environment, template_config
from klankbord.theme import theme_file
from klankbord.trace.routes import Trace
from klankbord.trace.witness import Witness, note_and_witness
from klankbord.turnstile import Turnstile
from klankbord.unknown import unknown_page
from klankbord.worker import Worker as Ticker
from moderation.routes import MODERATION
from notify.audience import Audience
from notify.live import Hub
from notify.routes import NOTIFY
from notify.transport import Transport, transport_from
from panels.routes import PANELS
from themes import settling
from themes.routes import THEMES
from themes.shelves import Shelves
from themes.worker import Worker

ROUTES: list[ControllerRouterHandler] = [
    unknown_page,
    Home,
    Security,
    WhatIsKept,
    WhatIsMine,
    theme_file,
    *ACCOUNTS,
    AskCode,
    OwnSecondFactor,
    *CONSULTATIONS,
    *MODERATION,
    *NOTIFY,
    *THEMES,
    *PANELS,
    *CONVERSATIONS,
    *SET_UP,
    *ON_BEHALF,
    FileQueue,
    PanelRecords,
    *PAGE_REPORTS,
    Trace,
]


def equipment(
    settings: Settings, *, clock: Clock, database: Database, transport: Transport, environment: Environment
) -> dict[str, Any]:
    """What the routes and the worker run on, by its name in `app.state`."""
    hub = Hub(settings.database_url)
    machine = Worker()  # starts its process when somebody first needs it
    return {
        "database": database,
        "settings": settings,
        "clock": clock,
        "environment": environment,
        "machine": machine,
        "find_similar": Shelves(machine, database),
        "hub": hub,
        "translator": translator_from(settings.translate),
        "audience": Audience(database, clock, per_network=settings.requests_per_minute),
        "turnstile": Turnstile(),
        "studio": Studio(),
        "witness": Witness(database),
        "crowds": Crowds(settings.requests_per_minute),
        "courtesy": Crowds(FORMS_GIVEN_BACK),
        "letterbox": Letterbox(database=database, settings=settings, clock=clock),
        "said": {},  # what everybody hears who asks too often, by language
        "worker": Ticker(
            database=database,
            clock=clock,
            settings=settings,
            environment=environment,
            hub=hub,
            transport=transport,
        ),
    }


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    database: Database | None = None,
    transport: Transport | None = None,
    with_worker: bool = False,
) -> Litestar:
    """The application. A test brings its own clock, database and transport; otherwise the settings name them.

    `with_worker` starts the worker with the site; without it `app.state.worker.turn(now)` does its work.
    """
    set_up_logs(settings.log)
    load_catalogues(asset_dir("locale"))
    state = State(
        equipment(
            settings,
            clock=clock or clock_from(settings.clock),
            database=database or Database(settings.database_url),
            transport=transport or transport_from(settings.mail),
            environment=make_environment(settings),
        )
    )

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        async with app.state.hub.channels:
            if with_worker:
                await settling.finish(app.state.database, now=app.state.clock.now())
                await app.state.worker.start()
                await app.state.letterbox.start()
            try:
                yield
            finally:
                await app.state.letterbox.stop()
                await app.state.worker.stop()
                await app.state.find_similar.aclose()
                await app.state.machine.aclose()
                if database is None:
                    await app.state.database.close()

    app = Litestar(
        route_handlers=[
            *ROUTES,
            api_router(),
            create_static_files_router(
                path="/static",
                directories=[asset_dir("static")],
                exception_handlers={InternalServerException: no_such_file},
            ),
        ],
        dependencies=PROVIDERS,
        template_config=template_config(state.environment),
        exception_handlers={**HANDLERS, **second_steps.HANDLERS},
        after_request=note_and_witness,
        guards=[look_before],
        csrf_config=CSRFConfig(
            secret=settings.secret,
            cookie_name=cookie_name(CSRF, settings),
            cookie_secure=settings.is_secure,
            cookie_httponly=True,
        ),
        request_max_body_size=1_000_000,
        state=state,
        lifespan=[running],
        openapi_config=openapi_config(settings.public_url),
        include_in_schema=False,
        logging_config=None,
    )
    app.asgi_handler = Reception(app.asgi_handler, state=app.state, settings=settings)
    return app
