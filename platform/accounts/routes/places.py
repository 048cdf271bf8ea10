"""Where somebody may be led after signing in: to a page that this site has, and nowhere else."""

from litestar.exceptions import HTTPException

from accounts.forms import path_here
from kernel.inject import Asked


def known_place(request: Asked, path: str) -> str:
    """The path when a page of ours answers to it, else the front page."""
    here = path_here(path)
    try:
        _, handler, *_ = request.app.asgi_router.handle_routing(path=here.partition("?")[0], method="GET")
    except HTTPException:
        return "/"
    return "/" if handler.name == "unknown" else here
