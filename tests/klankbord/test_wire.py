"""What a client may put on the wire of a socket: raw bytes against a server process, the close code, and a quiet log.

The frames are those of the Autobahn test suite's chapters on framing, control frames, reserved bits, opcodes,
fragmentation, UTF-8 and close codes, as far as they have a wrong answer.
"""

import asyncio
import base64
import os
import resource
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.server import Server
from tests.faults.town import found
from tests.listening import ticket_for

pytestmark = [pytest.mark.slow]
TEXT, BINARY, CLOSE, PING, PONG, CONT = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0


def frame(opcode: int, body: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True) -> bytes:
    """One frame as a client sends it, or as it should not."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    mask_bit = 0x80 if masked else 0
    size = len(body)
    if size < 126:
        head = struct.pack("!BB", first, mask_bit | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, mask_bit | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, size)
    return head + (bytes(4) if masked else b"") + body  # a mask of zeroes leaves the body as it is


def closing(code: int | None, reason: bytes = b"") -> bytes:
    """A close frame."""
    return frame(CLOSE, (struct.pack("!H", code) if code is not None else b"") + reason)


HALF_A_LETTER = "é".encode()[:1]
WRONG: dict[str, tuple[bytes, int]] = {
    **{f"reserved bits {bits:03b}": (frame(TEXT, b"hallo", reserved=bits), 1002) for bits in range(1, 8)},
    **{f"opcode {opcode:x}": (frame(opcode), 1002) for opcode in (3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF)},
    "not masked": (frame(TEXT, b"hallo", masked=False), 1002),
    "ping of 126 bytes": (frame(PING, bytes(126)), 1002),
    "the beginning of a pong of 70,000 bytes": (frame(PONG, bytes(70_000))[:1_000], 1009),
    "ping in fragments": (frame(PING, b"a", fin=False), 1002),
    "close in fragments": (frame(CLOSE, b"\x03\xe8", fin=False), 1002),
    "a fragment of nothing": (frame(CONT, b"hallo"), 1002),
    "a text within a text": (frame(TEXT, b"hal", fin=False) + frame(TEXT, b"lo"), 1002),
    "half a close code": (frame(CLOSE, b"\x03"), 1002),
    **{f"close code {code}": (closing(code), 1002) for code in (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999)},
    "close code 65535": (closing(65535), 1002),
    "close with a reason that is no UTF-8": (closing(1000, b"\xce\xba\xe1\xbd\xb9\xed\xa0\x80"), 1007),
    "text that is no UTF-8": (frame(TEXT, b"\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80edited"), 1007),
    "half a letter": (frame(TEXT, b"caf" + HALF_A_LETTER), 1007),
    "half a letter at the end of a fragmented text": (
        frame(TEXT, b"caf", fin=False) + frame(CONT, HALF_A_LETTER),
        1007,
    ),
    "overlong slash": (frame(TEXT, b"\xc0\xaf"), 1007),
    "beyond Unicode": (frame(TEXT, b"\xf4\x90\x80\x80"), 1007),
    "17 kB": (frame(TEXT, bytes(17_000)), 1009),
    "17 kB in fragments": (
        frame(TEXT, bytes(6_000), fin=False) + frame(CONT, bytes(6_000), fin=False) + frame(CONT, bytes(6_000)),
        1009,
    ),
    "said to be 8 exabytes": (struct.pack("!BBQ", 0x81, 0x80 | 127, 2**63 - 1) + bytes(4), 1009),
    "a length of 64 bits with the highest one set": (struct.pack("!BBQ", 0x81, 0x80 | 127, 2**63) + bytes(4), 1009),
    "2 kB of text": (frame(TEXT, b"a" * 2_000), 1008),
    "a hundred pings at once": (frame(PING, b"a") * 100, 1008),
    "a hundred pongs at once": (frame(PONG, b"a") * 100, 1008),
    "a hundred empty fragments": (frame(TEXT, fin=False) + frame(CONT, fin=False) * 100, 1008),
    "thirty messages in a second": (frame(TEXT, b"hallo") * 30, 1008),
}
RIGHT: dict[str, tuple[bytes, int | None]] = {
    "goodbye": (closing(1000), 1000),
    "goodbye without a code": (closing(None), None),
    "going away": (closing(1001, "tot ziens, café".encode()), 1001),
    "a private close code": (closing(4999), 4999),
    "a ping between fragments": (frame(TEXT, b"hal", fin=False) + frame(PING, b"?") + frame(CONT, b"lo"), 0),
    "a letter over two fragments": (
        frame(TEXT, b"caf" + HALF_A_LETTER, fin=False) + frame(CONT, "é".encode()[1:]),
        0,
    ),
    "an unasked pong": (frame(PONG, b"ja"), 0),
}
"""What is fine, and the close code it is answered with; 0: the socket stays open."""
NO_HANDSHAKES: dict[str, tuple[bytes, bytes]] = {
    "no ticket": (b"GET /live HTTP/1.1", b""),
    "a path of 20,000 letters": (b"GET /live?ticket=" + b"a" * 20_000 + b" HTTP/1.1", b""),
    "a path that is not ASCII": (b"GET /live?ticket=caf\xc3\xa9 HTTP/1.1", b""),
    "another page": (b"GET /moderation HTTP/1.1", b""),
    "no page at all": (b"GET /nergens HTTP/1.1", b""),
    "a broken escape": (b"GET /live%ff%00?ticket=%zz HTTP/1.1", b""),
    "a long header": (b"GET /live HTTP/1.1", b"X-Long: " + b"a" * 20_000),
    "two hundred headers": (b"GET /live HTTP/1.1", b"\r\n".join([b"X-Many: ja"] * 200)),
}
"""First lines, each with more headers."""


@pytest.fixture
async def server(migrated_database: str, tmp_path: Path) -> AsyncIterator[Server]:
    """`klankbord serve` in a process of its own."""
    await found(migrated_database)
    server = Server(folder=tmp_path, database_url=migrated_database, mail=f"folder:{tmp_path}/mail")
    await server.start()
    yield server
    await server.close()


class Wires:
    """Raw connections to the server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.site = f"http://127.0.0.1:{server.port}"

    async def shake(
        self, first: bytes, *, more: bytes = b""
    ) -> tuple[bytes, asyncio.StreamReader, asyncio.StreamWriter]:
        """Ask to open a socket; the first line of the answer, and the two ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        key = base64.b64encode(os.urandom(16))
        head = (
            first,
            b"Host: 127.0.0.1:%d" % self.server.port,
            b"Origin: " + self.site.encode(),
            b"Connection: Upgrade",
            b"Upgrade: websocket",
            b"Sec-WebSocket-Version: 13",
            b"Sec-WebSocket-Key: " + key,
            *([more] if more else []),
        )
        writer.write(b"\r\n".join(head) + b"\r\n\r\n")
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)
        return answer.strip(), reader, writer

    async def first_line(self, first: bytes, more: bytes) -> bytes:
        """What a handshake is answered with."""
        line, _, writer = await self.shake(first, more=more)
        writer.close()
        return line

    async def opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A socket on which frames may be put."""
        ticket = await ticket_for(self.site, "meeting:1")
        answer, reader, writer = await self.shake(b"GET /live?ticket=" + ticket.encode() + b" HTTP/1.1")
        assert answer.split()[1] == b"101", answer
        await reader.readuntil(b"\r\n\r\n")
        return reader, writer

    async def answered(self, frames: bytes, patience: float = 5.0) -> int | None:
        """The close code that these frames get: None when it has none, 0 when the socket stays open."""
        reader, writer = await self.opened()
        writer.write(frames)
        try:
            while True:
                head = await asyncio.wait_for(reader.readexactly(2), patience)
                body = await reader.readexactly(head[1] & 0x7F)
                if head[0] & 0xF == CLOSE:
                    return int.from_bytes(body[:2]) if body else None
        except TimeoutError:
            return 0
        except (asyncio.IncompleteReadError, ConnectionResetError):
            return -1
        finally:
            writer.close()


@pytest.mark.timeout(300)
async def test_what_is_wrong_on_the_wire_gets_its_close_code_and_no_line_in_the_log(server: Server) -> None:
    wires = Wires(server)
    told = {name: await wires.answered(frames) for name, (frames, _) in WRONG.items()}
    fine = {name: await wires.answered(frames, patience=0.5) for name, (frames, _) in RIGHT.items()}
    first_lines = {name: await wires.first_line(*handshake) for name, handshake in NO_HANDSHAKES.items()}
    print(f"\n{len(told)} wrong and {len(fine)} right sequences of frames, {len(first_lines)} handshakes")

    assert told == {name: code for name, (_, code) in WRONG.items()}
    assert fine == {name: code for name, (_, code) in RIGHT.items()}
    assert {name: line.split()[1][:1] for name, line in first_lines.items()} == dict.fromkeys(NO_HANDSHAKES, b"4")
    assert [line for line in server.log.splitlines() if "Invalid HTTP request received." not in line] == []


@pytest.mark.timeout(120)
async def test_who_does_not_read_makes_nothing_grow_and_is_cut_off(server: Server) -> None:
    """Pings whose answers are not read, until the line is closed: the process stays as large as it was."""
    wires = Wires(server)
    (await wires.opened())[1].close()
    before = memory_of(server.pid)
    ends = [await wires.opened() for _ in range(20)]
    for _, writer in ends:
        try:
            for _ in range(200):
                writer.write(frame(PING, bytes(125)) * 100)
                await asyncio.wait_for(writer.drain(), 0.5)
        except (ConnectionError, TimeoutError):
            pass
    grown = memory_of(server.pid) - before
    print(f"\n20 clients that send 20,000 pings each and read nothing: {grown / 1024:.0f} kB more")
    for _, writer in ends:
        writer.close()

    assert grown < 16 * 1024 * 1024  # answers that are kept would be 50 MB


def memory_of(pid: int) -> int:
    """Bytes in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize()
