"""The encoding of a file, as its first bytes show it."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"""<meta\b[^<>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{3,30})|"""
    rb"""\A\s*<\?xml\b[^<>]{0,100}?encoding\s*=\s*["']([\w:.-]{3,30})""",
    re.IGNORECASE,
)
_LOOKED_AT = 4096  # bytes in which a page declares its encoding (browsers look at 1,024)
_BESIDE_ASCII = re.compile(r"cp|euc|gb|iso8859|johab|koi8|kz|mac|ptcp|shift", re.IGNORECASE)
# What is written where more is meant (https://encoding.spec.whatwg.org/#names-and-labels)
_MEANT = {
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_LATIN = frozenset({"cp1252", "iso8859-1"})  # what is no UTF-8 is read as these anyway
_MOSTLY_FOREIGN = 0.3  # of the letters; texts in Latin letters have up to 15 in a hundred beyond ASCII


def encoding_of(head: bytes) -> str:
    """The name of the encoding, as the codecs module knows it; "utf-8" where nothing says more."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head[:_LOOKED_AT]
    pairs = len(start) // 2
    if pairs >= 8 and start.count(0) > 0.6 * pairs:  # mostly Latin text, two bytes a character
        if start[0::2].count(0) == 0:
            return "utf-16-le"
        if start[1::2].count(0) == 0:
            return "utf-16-be"
    found = _DECLARED.search(start)
    declared = _known((found[1] or found[2]).decode()) if found else ""
    return declared if declared and not _is_utf8(head) else "utf-8"


def is_unnamed(sample: str, odd_bytes: int) -> bool:
    """Whether so many bytes of a text are no UTF-8 that Windows-1252, as which they were read, is not it either."""
    return odd_bytes > 0 and odd_bytes > _MOSTLY_FOREIGN * sum(map(str.isalpha, sample))


def _known(name: str) -> str:
    """The declared encoding where it is one that has ASCII in it, beside other letters; "" otherwise."""
    try:
        codec = codecs.lookup(name.lower().removeprefix("x-")).name
    except LookupError:
        return ""
    codec = _MEANT.get(codec, codec)
    known = codec not in _LATIN and _BESIDE_ASCII.match(codec) and b"charset".decode(codec, "replace") == "charset"
    return codec if known or codec in _MEANT.values() else ""


def _is_utf8(head: bytes) -> bool:
    """Whether most of what is beyond ASCII is UTF-8; a page may have a few stray bytes."""
    text = head.decode("utf-8", "surrogateescape")
    odd = sum("\udc80" <= character <= "\udcff" for character in text) if not text.isascii() else 0
    return odd * 2 <= sum(not character.isascii() for character in text)
