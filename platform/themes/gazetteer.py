"""The municipality's own list of place names, so that ideas group by what is wanted and not by where."""

from pathlib import Path


def names_in(path: str) -> tuple[str, ...]:
    """The names in a text file, one a line, `#` before a remark; no path, no names."""
    if not path:
        return ()
    lines = (line.partition("#")[0].strip() for line in Path(path).read_text(encoding="utf-8-sig").splitlines())
    return tuple(line for line in lines if line)
