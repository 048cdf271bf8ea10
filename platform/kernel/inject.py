"""What a route may ask for by parameter name: `db`, `tx`, `now`, `network`, `settings`, `database`, `sending`, `data`.

A handler asks for exactly one of `db` (GET) and `tx` (POST); two yielding providers would be closed side by
side. `data` is read before any provider runs, so a slow sender never holds the writer. `tx` looks after the key that
a form carries; a route that writes without `tx` asks for it as `sending`.
"""

from datetime import datetime
from typing import Annotated, Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body

from kernel.db import Database, ReadSession, WriteSession
from kernel.idempotency import Sending
from kernel.settings import Settings

Asked = Request[Any, Any, Any]
Db = NamedDependency[ReadSession]
Tx = NamedDependency[WriteSession]
Now = NamedDependency[datetime]
Network = NamedDependency[str]  # where the visitor comes from: see kernel.networks
Config = NamedDependency[Settings]
Doors = NamedDependency[Database]
SentUnder = NamedDependency[Sending | None]
FormData = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
