"""Bytes out of files: plain, gzip or zstd, whole or a stretch, and what is left of them when they are damaged.

Compression is told by the first bytes of the file, not by its name: servers hand out `.gz` files unpacked. A stream
that breaks off is no exception here: it gives what could be read, ends, and says in `broken` why, so that a reader can
use what came through and reject the rest.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

#: First bytes of a compressed file (RFC 1952; RFC 8878) and the suffix of its kind.
MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}
CODECS = {"gz": "gzip", "zst": "zstd"}

UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

BLOCK = 1 << 20  #: bytes asked for at a time; larger blocks were not faster
HEAD = 8192  #: bytes looked at to tell what a file is; git decides on the same number

DAMAGED = "the file is damaged or incomplete"  #: how the reason of a stream that broke off begins

#: Share of characters that are controls or undecodable from which a file with NULs is no text. Latin-1 prose with a
#: stray NUL has 0.02 to 0.06 of them, PNG, zip and machine code more than 0.3.
BINARY_SHARE = 0.1


class Stream(io.RawIOBase):
    """The bytes `start` to `stop` of a file, unpacked; `stop` -1 is the end. `broken` says why it ended early."""

    def __init__(self, path: Path, start: int = 0, stop: int = -1) -> None:
        self.path, self.broken = path, ""
        self._bytes: Any = None
        self.compression = compression(path)
        self._position, self._stop = start, stop
        self._bytes = self._open(start)

    def _open(self, position: int) -> Any:
        """The file's bytes from `position` on; unpacked ones cannot be jumped over, only read past."""
        raw = pa.OSFile(str(self.path))
        if not self.compression:
            raw.seek(position)
            return raw
        unpacked = pa.CompressedInputStream(raw, CODECS[self.compression])
        while position > 0:
            position -= len(unpacked.read(min(position, BLOCK)))
        return unpacked

    def readable(self) -> bool:
        """True, as for every stream that is read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, all that are left when -1; nothing at the end or where the file is damaged."""
        if size < 0:
            return b"".join(iter(lambda: self.read(BLOCK), b""))
        if self._stop >= 0:
            size = min(size, self._stop - self._position)
        if self.broken or size == 0:
            return b""
        block = self._block(size)
        self._position += len(block)
        return block

    def readinto(self, buffer: Any) -> int:
        """As `io.RawIOBase`: fill the buffer, return how much."""
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def _block(self, size: int) -> bytes:
        try:
            block: bytes = self._bytes.read(size)
        except OSError as damage:
            return self._before(damage, size)
        return block

    def _before(self, damage: OSError, size: int) -> bytes:
        """What of a block of `size` lies before the damage: a failed read gives nothing, so byte by byte, once."""
        self.broken = f"{DAMAGED} ({str(damage).lower().rstrip('.')})"
        self._bytes = self._open(self._position)
        read: list[bytes] = []
        try:
            while len(read) < size and (byte := self._bytes.read(1)):
                read.append(byte)
        except OSError:
            self._bytes.close()
        return b"".join(read)

    def close(self) -> None:
        """Close the file beneath too."""
        if self._bytes is not None:
            self._bytes.close()
        super().close()


def compression(path: Path) -> str:
    """What packs this file: `gz`, `zst`, or nothing; nothing too when the first bytes are all that it has of it.

    A file that is also called so is packed even when nothing of it can be unpacked: then it is damaged, no other kind.
    """
    with path.open("rb") as file:
        first = file.read(4)
    for magic, name in MAGIC.items():
        if first.startswith(magic):
            return name if path.suffix.lower() == f".{name}" or _unpacks(path, name) else ""
    return ""


def _unpacks(path: Path, name: str) -> bool:
    try:
        with pa.OSFile(str(path)) as raw:
            pa.CompressedInputStream(raw, CODECS[name]).read(1)
    except OSError:
        return False
    return True


def head(path: Path) -> bytes:
    """The first `HEAD` bytes, unpacked."""
    with Stream(path) as stream:
        return stream.read(HEAD)


def unusable(start: bytes, *, utf16: bool = False) -> str:
    r"""Why a file that starts with these bytes cannot be read as text; nothing when it can.

    UTF-16 with a byte-order mark is text where `utf16` says so. NULs alone do not make a binary: scraped text has them.

    >>> unusable(b"plain"), unusable(b"a NUL \0 in a longer line of text")
    ('', '')
    >>> unusable(bytes(range(200, 256)) + bytes(20))
    'binary data, not text'
    """
    if start.startswith(UTF16_BOMS):
        return "" if utf16 else "UTF-16, where only UTF-8 can be read: convert it"
    text = start.decode("utf-8", "replace")
    if b"\0" not in start or "�" not in text:
        return ""
    odd = sum(character == "�" or (character < " " and character not in "\t\n\f\r") for character in text)
    return "binary data, not text" if odd > BINARY_SHARE * len(text) else ""


def lines(stream: Stream, size: int = BLOCK) -> Iterator[list[bytes]]:
    r"""The lines of a stream, many at a time, each with its `\n`; the last one may have none.

    A line may be longer than `size` by any amount: its parts are joined once.
    """
    parts: list[bytes] = []
    while block := stream.read(size):
        cut = block.rfind(b"\n") + 1
        if not cut:
            parts.append(block)
            continue
        whole = b"".join([*parts, block[:cut]])
        parts = [block[cut:]] if cut < len(block) else []
        yield [line + b"\n" for line in whole[:-1].split(b"\n")]
    if parts:
        yield [b"".join(parts)]
