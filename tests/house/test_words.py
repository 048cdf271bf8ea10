"""Names are the words of the field: a module, class or function is never called after nothing in particular."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import modules, parsed, place

EMPTY_WORDS = {
    *("item", "items", "content", "object", "objects", "entity", "manager", "handler", "helper", "helpers"),
    *("util", "utils", "data", "process", "status", "user"),
}
WORDS_OF_OTHERS = {
    "process_bind_param": "SQLAlchemy calls it so",
    "process_result_value": "SQLAlchemy calls it so",
    "process": "to process a consultation: nothing is left in review",
    "content_security_policy": "the name of the header",
    "ItemState": "the state of an agenda item",
    "data_received": "asyncio calls it so",
    "handle_DATA": "aiosmtpd calls it so",
}
"""Names that hold an empty word all the same, each with its reason."""


def names() -> Iterator[tuple[str, str]]:
    """Where, and the name of every module, class and function."""
    for path in modules():
        yield place(path), path.stem
        for node in ast.walk(parsed(path)):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield f"{place(path)}:{node.lineno}", node.name


def words(name: str) -> set[str]:
    """The words that a name is made of."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def is_empty(name: str) -> bool:
    """Whether a name says nothing; an agenda item is a word of the field."""
    return name not in WORDS_OF_OTHERS and bool(words(re.sub("(?i)agenda_?items?", "agenda", name)) & EMPTY_WORDS)


def test_names_are_words_of_the_field() -> None:
    empty = [f"{where} {name}" for where, name in names() if is_empty(name)]
    assert empty == []
