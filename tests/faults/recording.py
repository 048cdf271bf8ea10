"""Notes what SQLite asks of the disk in the site's own process, and when an answer to a form begins to leave.

SQLite reaches files through a table of functions (its VFS). Ours stand before the real ones: they call them, and write
down every write, truncation, sync and removal, in the order in which they happened. No compiler is needed: the table
of the SQLite that Python has loaded is changed in place. The same place can refuse writes, as a full disk does.
"""

import _sqlite3
import ctypes
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

RECORD_TO = "RECORD_TO"
"""In the environment: the file to record to. Absent: nothing is recorded."""
SYNCHRONOUS = "RECORD_SYNCHRONOUS"
"""In the environment: what SQLite's synchronous is changed to, to see that a test would notice."""
FULL_WHEN = "RECORD_FULL_WHEN"
"""In the environment: while this file is there, the disk is full for databases."""

_OK, _FULL = 0, 13
_CLOSE, _WRITE, _TRUNCATE, _SYNC = 1, 3, 4, 5  # places in sqlite3_io_methods
_POINTERS = 19
_OPEN, _DELETE = 5, 6  # places in sqlite3_vfs, in pointers from its start, after the two padded ints and the name

_VOID, _INT, _LONG, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64, ctypes.c_char_p
_OpenCall = ctypes.CFUNCTYPE(_INT, _VOID, _VOID, _VOID, _INT, _VOID)
_DeleteCall = ctypes.CFUNCTYPE(_INT, _VOID, _TEXT, _INT)
_WriteCall = ctypes.CFUNCTYPE(_INT, _VOID, _VOID, _INT, _LONG)
_TruncateCall = ctypes.CFUNCTYPE(_INT, _VOID, _LONG)
_SyncCall = ctypes.CFUNCTYPE(_INT, _VOID, _INT)
_CloseCall = ctypes.CFUNCTYPE(_INT, _VOID)


class Noted(NamedTuple):
    """One thing that happened: write, truncate, sync, synced, delete, answer."""

    what: str
    path: str
    offset: int = 0
    written: bytes = b""


class _Table(ctypes.Structure):
    """The beginning of sqlite3_vfs."""

    _fields_ = (
        ("version", _INT),
        ("file_size", _INT),
        ("longest_path", _INT),
        ("next", _VOID),
        ("name", _TEXT),
        ("ours", _VOID),
        ("open", _VOID),
        ("delete", _VOID),
    )


class Recorder:
    """Stands in the default VFS from `install()` on."""

    def __init__(self, to: Path, full_when: Path | None) -> None:
        self.to = to.open("ab")
        self.full_when = full_when
        self.paths: dict[int, str] = {}
        self._lock = threading.Lock()
        self._tables: dict[int, Any] = {}
        self._kept: list[Any] = []  # callbacks that C holds on to

    def note(self, *noted: Any) -> None:
        """Write it down at once: the process may end without a word."""
        with self._lock:
            pickle.dump(Noted(*noted), self.to)
            self.to.flush()

    @property
    def is_full(self) -> bool:
        """Whether the disk is to be full now."""
        return self.full_when is not None and self.full_when.exists()

    def install(self) -> None:
        """Stand before the real functions."""
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Table)
        library.sqlite3_vfs_find.argtypes = [_TEXT]
        table = library.sqlite3_vfs_find(None).contents
        real_open, real_delete = _OpenCall(table.open), _DeleteCall(table.delete)

        def open_(vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
            result: int = real_open(vfs, name, file, flags, out)
            if result == _OK and name:
                self._watch(file, os.fsdecode(ctypes.string_at(name)))
            return result

        def delete(vfs: int, name: bytes, is_synced: int) -> int:
            result: int = real_delete(vfs, name, is_synced)
            self.note("delete", os.fsdecode(name), is_synced)
            return result

        table.open = self._pointer(_OpenCall(open_))
        table.delete = self._pointer(_DeleteCall(delete))

    def _pointer(self, call: Any) -> int:
        self._kept.append(call)
        return ctypes.cast(call, _VOID).value or 0

    def _watch(self, file: int, path: str) -> None:
        methods = ctypes.cast(file, ctypes.POINTER(_VOID))
        real = methods[0]
        if real not in self._tables:
            self._tables[real] = self._methods(real)
        self.paths[file] = path
        methods[0] = ctypes.addressof(self._tables[real])

    def _methods(self, real: int) -> Any:
        """A copy of SQLite's functions for one kind of file, with ours in four places."""
        copy = (_VOID * _POINTERS).from_buffer_copy(ctypes.string_at(real, _POINTERS * ctypes.sizeof(_VOID)))
        real_close, real_write = _CloseCall(copy[_CLOSE] or 0), _WriteCall(copy[_WRITE] or 0)
        real_truncate, real_sync = _TruncateCall(copy[_TRUNCATE] or 0), _SyncCall(copy[_SYNC] or 0)

        def close(file: int) -> int:
            self.paths.pop(file, None)
            return real_close(file)  # type: ignore[no-any-return]  # C's int

        def write(file: int, start: int, length: int, offset: int) -> int:
            if self.is_full:
                return _FULL
            result: int = real_write(file, start, length, offset)
            if result == _OK:
                self.note("write", self.paths[file], offset, ctypes.string_at(start, length))
            return result

        def truncate(file: int, size: int) -> int:
            result: int = real_truncate(file, size)
            self.note("truncate", self.paths[file], size)
            return result

        def sync(file: int, flags: int) -> int:
            self.note("sync", self.paths[file])
            result: int = real_sync(file, flags)
            if result == _OK:
                self.note("synced", self.paths[file])
            return result

        copy[_CLOSE] = self._pointer(_CloseCall(close))
        copy[_WRITE] = self._pointer(_WriteCall(write))
        copy[_TRUNCATE] = self._pointer(_TruncateCall(truncate))
        copy[_SYNC] = self._pointer(_SyncCall(sync))
        return copy


def is_possible() -> bool:
    """Whether Python's SQLite is a library of its own; some Pythons carry it inside, out of reach."""
    return hasattr(_sqlite3, "__file__") and hasattr(ctypes.CDLL(_sqlite3.__file__), "sqlite3_vfs_find")


def install_as_told() -> None:
    """Record in this process if the environment asks for it; before the site is made."""
    if RECORD_TO not in os.environ:
        return
    full_when = os.environ.get(FULL_WHEN)
    recorder = Recorder(Path(os.environ[RECORD_TO]), Path(full_when) if full_when else None)
    recorder.install()
    _note_answers(recorder.note)
    if SYNCHRONOUS in os.environ:
        _sync_otherwise(os.environ[SYNCHRONOUS])


def _note_answers(note: Callable[..., None]) -> None:
    """Note each yes to a marked request when the site hands it over to be sent: before its first byte can leave."""
    from klankbord.reception import Reception

    through = Reception.__call__

    async def call(self: Reception, scope: Any, receive: Any, send: Any) -> None:
        mark = next((value for name, value in scope.get("headers", ()) if name == b"x-mark"), None)

        async def noting(message: Any) -> None:
            if mark and message["type"] == "http.response.start" and message["status"] == 303:
                note("answer", mark.decode())
            await send(message)

        await through(self, scope, receive, noting)

    Reception.__call__ = call  # type: ignore[method-assign]  # ours stands before it


def _sync_otherwise(synchronous: str) -> None:
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    @event.listens_for(Pool, "checkout")
    def change(connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.close()


def read(path: Path) -> list[Noted]:
    """Everything that was recorded, in order; a last note that was cut off is left out."""
    return list(_read(path))


def _read(path: Path) -> Iterator[Noted]:
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # noqa: S301 - our own file, just written
            except (EOFError, pickle.UnpicklingError):
                return
