"""How ideas that were put together come apart again. Pure."""

from enum import StrEnum


class Parting(StrEnum):
    """Why a merge or a split no longer stands. `left`: the idea that carried the other on is no longer public."""

    UNDONE = "undone"
    OBJECTED = "objected"
    LEFT = "left"
