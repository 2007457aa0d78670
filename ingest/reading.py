"""Files to decoded text: plain, .gz, a member of a .zip; any encoding that a saved page comes in; bounded memory.

What is told apart by content: gzip by its first bytes, UTF-8, UTF-16 and UTF-32 by their byte order marks, UTF-16
without one by its NULs. A page of HTML or XML that is no UTF-8 may say its encoding. Other bytes that are not UTF-8 are
read as Windows-1252, one by one, so that a file of mixed origin loses nothing; a file of little else, in an encoding
that nothing names, is refused, as is one whose beginning holds NUL bytes or other signs of a binary file.
"""

from __future__ import annotations

import codecs
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from ingest.encodings import encoding_of, is_unnamed
from ingest.record import Rejected, rejected
from rag.errors import DumpError

CHUNK_BYTES = 1 << 20
SAMPLE_BYTES = 1 << 20  # looked at before reading; a NUL here refuses the whole file
SAMPLE_CHARACTERS = 400_000  # what a layout is recognised by
LONGEST_LINE = 16_000_000  # characters; a longer line is listed and skipped

_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"PK\x03\x04", "an archive inside an archive"),
    (b"\x1f\x8b", "a compressed file inside a compressed file"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")  # the second where nothing is in it
# What zipfile says of a damaged archive: its own error, and those of the packings, names and numbers that it holds.
DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    UnicodeDecodeError,
)
_ODD_BYTES = re.compile("[\udc80-\udcff]")
_ODD_TAIL = re.compile("[\udc80-\udcff]{1,3}$")
_WINDOWS_1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)]
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(slots=True)
class DumpFile:
    """One dump to read. What reading finds out (layout, encoding, notes) is filled in by ingest/parse.py."""

    name: str  # as shown to people: relative to the folder that was given, with the member's name for a .zip
    path: str  # of the file itself, "-" for standard input and pipes
    member: str = ""  # inside a .zip
    explicit: bool = True  # given by name, not found in a folder
    layout: str = ""
    encoding: str = ""
    notes: tuple[str, ...] = ()
    spooled: BinaryIO | None = field(default=None, repr=False)  # what can be read only once
    packed_size: int = 0  # bytes that it takes inside an archive or came from standard input; 0: a file of its own
    bytes_read: int = 0  # of its unpacked content, so far


@dataclass(slots=True)
class Text:
    """The decoded text of a dump; every call of `lines` and `chunks` reads it from its beginning."""

    file: DumpFile
    encoding: str  # as the codecs module knows it
    sample: str  # its beginning, with "\\n" at line ends
    complete: bool  # the sample is all there is
    odd_bytes: int = 0  # bytes that were no UTF-8 and were read as Windows-1252, so far
    beyond_ascii: bool = False  # UTF-8 beyond ASCII was seen, so far
    broken: DumpError | None = None  # why the file could not be read to its end
    unreadable: list[Rejected] = field(default_factory=list)  # lines left out; whoever reads takes them from here

    def chunks(self) -> Iterator[str]:
        """The text in pieces of about a megabyte, with "\\n" at line ends.

        Where a file cannot be read to its end the pieces end there, and `broken` says why.
        """
        self.odd_bytes, self.beyond_ascii, self.broken = 0, False, None
        self.file.bytes_read = 0
        errors = "surrogateescape" if self.encoding.startswith("utf-8") else "replace"
        decoder = codecs.getincrementaldecoder(self.encoding)(errors=errors)
        held = ""  # a "\r" at the end of a chunk may be the first half of a line end
        with open_bytes(self.file) as stream:
            while True:
                try:
                    data = _read(stream, CHUNK_BYTES, self.file)
                except DumpError as error:
                    self.broken, data = error, b""
                self.file.bytes_read += len(data)
                piece = decoder.decode(data, final=not data)
                if not piece.isascii():
                    self.beyond_ascii = self.beyond_ascii or _ODD_BYTES.sub("", piece).isascii() is False
                    piece = self._mend_odd_bytes(piece, last=not data)
                piece = held + piece
                held = "\r" if data and piece.endswith("\r") else ""
                piece = piece[: len(piece) - len(held)]
                if "\r" in piece:
                    piece = piece.replace("\r\n", "\n").replace("\r", "\n")
                if piece:
                    yield piece
                if not data:
                    return

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line number, from 1, and the line without its end. Lines that are too long or hold NULs come as empty."""
        number, parts, length = 1, list[str](), 0
        for piece in self.chunks():
            first, *rest = piece.split("\n")
            if length <= LONGEST_LINE:
                parts.append(first)
            length += len(first)
            for following in rest:
                yield number, self._whole(number, parts, length)
                number, parts, length = number + 1, [following], len(following)
        if length:
            yield number, self._whole(number, parts, length)

    def _whole(self, number: int, parts: list[str], length: int) -> str:
        if length > LONGEST_LINE:
            reason = f"This line is longer than {LONGEST_LINE // 1_000_000} million characters."
            self.unreadable.append(rejected(number, reason, parts[0]))
            return ""
        line = parts[0] if len(parts) == 1 else "".join(parts)
        if "\0" in line:
            self.unreadable.append(rejected(number, "This line holds NUL bytes.", line.replace("\0", "")))
            return ""
        return line

    def _mend_odd_bytes(self, piece: str, *, last: bool) -> str:
        """Bytes that are no UTF-8 arrive as surrogates; each is one character of Windows-1252."""
        if last and not self.odd_bytes and len(_ODD_BYTES.findall(piece)) <= 3:
            piece = _ODD_TAIL.sub("", piece)  # the file was cut inside a character
        odd = len(_ODD_BYTES.findall(piece))
        self.odd_bytes += odd
        return _ODD_BYTES.sub(lambda found: _WINDOWS_1252[ord(found[0]) - 0xDC80], piece) if odd else piece


def open_text(file: DumpFile) -> Text:
    """Look at the file's beginning and make its text readable. Raises DumpError for a binary or unreadable file."""
    with open_bytes(file) as stream:
        head = _read(stream, SAMPLE_BYTES, file)
        try:
            complete = not _read(stream, 1, file)
        except DumpError:
            complete = False
    encoding = encoding_of(head)
    if not encoding.startswith(("utf-16", "utf-32")):
        _refuse_binary(file, head)
    text = Text(file, encoding, "", complete)
    sample = next(text.chunks(), "")
    if is_unnamed(sample, text.odd_bytes):
        raise DumpError(f"{file.name} does not say which encoding it is in, and is no UTF-8; save it as UTF-8.")
    text.sample = sample[:SAMPLE_CHARACTERS]
    text.complete = complete and len(sample) <= SAMPLE_CHARACTERS
    return text


def shown_encoding(text: Text) -> str:
    """The encoding as reported to people; final when the text has been read."""
    name = {"utf-8-sig": "utf-8 with BOM", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(
        text.encoding, text.encoding
    )
    if not text.odd_bytes:
        return re.sub(r"^cp(?=125\d$)", "windows-", name)
    return f"{name} and windows-1252" if text.beyond_ascii else "windows-1252"


def _refuse_binary(file: DumpFile, head: bytes) -> None:
    kind = next((kind for magic, kind in _BINARY if head.startswith(magic)), "")
    if head.startswith(_ARCHIVES) and not file.member and file.spooled is None:  # else it was unpacked
        kind = "an archive that is damaged or holds no file that may be a dump"
    if not kind and head[257:262] == b"ustar":
        kind = "a tar archive"
    if not kind and b"\0" in head:
        kind = "a binary file (it holds NUL bytes)"
    if not kind and len(_CONTROL.findall(head)) > len(head) // 20 + 2:
        kind = "a binary file (it holds control characters)"
    if kind:
        raise DumpError(
            f"{file.name} is {kind}, not a dump.",
            hint="Give a saved page, text, Markdown, JSON, CSV, BibTeX or a feed, plain, as .gz or in a .zip.",
        )


def members_of(archive: str) -> list[tuple[str, int]]:
    """Name and packed bytes of each file in a .zip. Raises OSError and the errors of DAMAGED_ARCHIVE."""
    with zipfile.ZipFile(archive) as opened:
        members = [(info.filename, info.compress_size) for info in opened.infolist()]
    return [(name, size) for name, size in members if not name.endswith("/")]


@contextmanager
def open_bytes(file: DumpFile) -> Iterator[BinaryIO]:
    """The dump's bytes, unpacked. Raises DumpError where it cannot be opened."""
    try:
        if file.spooled is not None:
            file.spooled.seek(0)
            yield from _unpacked(file.spooled)
        elif file.member:
            with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as stream:
                yield from _unpacked(cast(BinaryIO, stream))
        else:
            with Path(file.path).open("rb") as stream:
                yield from _unpacked(stream)
    except (EOFError, zlib.error) as error:
        raise DumpError(f"{file.name} is damaged: {error}.", hint="Copy or save it again.") from error
    except (*DAMAGED_ARCHIVE, RuntimeError) as error:  # damaged, packed oddly, with a password
        if isinstance(error, RuntimeError) and not file.member:
            raise
        raise DumpError(f"{file.name} cannot be unpacked: {error}.", hint="Save or pack it again.") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower().rstrip(".")
        raise DumpError(f"{file.name} cannot be read: {reason}.", hint="Check the file and its permissions.") from error


def _unpacked(stream: BinaryIO) -> Iterator[BinaryIO]:
    magic = stream.read(2)
    stream.seek(0)
    yield cast(BinaryIO, _Gunzip(stream)) if magic == b"\x1f\x8b" else stream


class _Gunzip:
    """Reads .gz data as far as it goes; gzip.GzipFile would hold back what stands before a damaged end."""

    def __init__(self, packed: BinaryIO) -> None:
        self.packed = packed
        self.unpacker = zlib.decompressobj(wbits=31)
        self.waiting = b""  # packed bytes that are still to be unpacked
        self.begun = False  # a member has begun and not ended
        self.error: Exception | None = None

    def read(self, size: int) -> bytes:
        """At most `size` bytes, b"" at the end. Raises EOFError or zlib.error where the data breaks off."""
        if self.error is not None:
            raise self.error
        parts: list[bytes] = []
        length = 0
        while length < size:
            try:
                data = self._unpack(size - length)
            except (EOFError, zlib.error) as error:
                if not parts:
                    raise
                self.error = error  # told at the next call, after what could be unpacked
                break
            if data is None:
                break
            parts.append(data)
            length += len(data)
        return b"".join(parts)

    def _unpack(self, size: int) -> bytes | None:
        """The next bytes, perhaps none yet; None at the end."""
        self.waiting = self.waiting or self.packed.read(1 << 16)
        if not self.waiting:
            if self.begun:
                raise EOFError
            return None
        data = self.unpacker.decompress(self.waiting, size)
        self.begun = not self.unpacker.eof
        self.waiting = self.unpacker.unconsumed_tail
        if self.unpacker.eof:  # another member may follow
            self.waiting = self.unpacker.unused_data.lstrip(b"\0")
            self.unpacker = zlib.decompressobj(wbits=31)
        return data


def _read(stream: BinaryIO, size: int, file: DumpFile) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DumpError(f"{file.name} cannot be read on: {reason}.", hint="Check the disk or the network.") from error
    except EOFError as error:
        raise DumpError(f"{file.name} breaks off: the compressed data has no end.", hint="Copy it again.") from error
    except DAMAGED_ARCHIVE as error:
        raise DumpError(f"{file.name} is damaged: {error}.", hint="Copy or save it again.") from error
