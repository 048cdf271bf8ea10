"""A service that translates, as an operator would plug one in: KLANKBORD_TRANSLATE=tests.translator:translate."""

from collections.abc import Sequence


async def translate(texts: Sequence[str], *, source: str, target: str) -> Sequence[str]:
    """The same words, with the languages before them."""
    return [f"[{source}→{target}] {text}" for text in texts]
