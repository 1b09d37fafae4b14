"""Texts that PNG and PDF files carry about themselves, read by hand and with care."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

__all__ = ["pdf_texts", "png_texts"]

_LONGEST: Final = 1_000_000
_MOST_CHUNKS: Final = 100_000
_KEYS: Final = re.compile(rb"/(?:Creator|Subject|Title|Keywords|Producer|Author)\s*(?=[(<])")
_ESCAPED: Final = {ord("n"): 10, ord("r"): 13, ord("t"): 9, ord("b"): 8, ord("f"): 12}
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s]{0,200000})>")


def png_texts(content: bytes) -> Iterator[str]:
    """Yield the texts of the chunks tEXt, zTXt and iTXt (PNG, 3rd edition, 11.3.3).

    Examples
    --------
    >>> list(png_texts(b"not a picture"))
    []
    """
    at = 8
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(content):
            return
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        data = content[at + 8 : at + 8 + length]
        if kind == b"IEND" or len(data) < length:
            return
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            yield from _png_text(kind, data)
        at += 12 + length


def _png_text(kind: bytes, data: bytes) -> Iterator[str]:
    _, _, rest = data.partition(b"\0")
    if kind == b"tEXt":
        yield rest.decode("latin-1")
    elif kind == b"zTXt":
        yield _inflated(rest[1:]).decode("latin-1")
    else:
        packed = rest[:1] == b"\1"
        text = rest[2:].split(b"\0", 2)[-1]
        yield (_inflated(text) if packed else text).decode("utf-8", "replace")


def _inflated(data: bytes) -> bytes:
    """Inflate at most so much: a small chunk may hold gigabytes."""
    try:
        return zlib.decompressobj().decompress(data, _LONGEST)
    except zlib.error:
        return b""


def pdf_texts(content: bytes) -> Iterator[str]:
    r"""Yield the strings of a PDF's information dictionary (ISO 32000-1, 14.3.3).

    Only dictionaries that are not compressed are read; ours are not, and programs that
    rewrite a PDF may compress them.

    Examples
    --------
    >>> list(pdf_texts(rb"<< /Creator (made \(by\) us) /Title <FEFF0041> >>"))
    ['made (by) us', 'A']
    """
    for match in _KEYS.finditer(content):
        if content[match.end() : match.end() + 1] == b"(":
            raw = _literal(content, match.end() + 1)
        else:
            found = _HEX.match(content, match.end())
            digits = b"".join(found[1].split()) if found else b""
            raw = bytes.fromhex(digits.decode("ascii") + "0" * (len(digits) % 2))
        if raw.startswith(b"\xfe\xff"):
            yield raw[2:].decode("utf-16-be", "replace")
        else:
            yield raw.decode("latin-1")


def _literal(content: bytes, at: int) -> bytes:
    """Return a literal string from after its opening parenthesis (7.3.4.2)."""
    result = bytearray()
    depth = 1
    end = min(len(content), at + _LONGEST)
    while at < end:
        byte = content[at]
        if byte == ord("\\"):
            at, found = _escape(content, at + 1)
            result += found
            continue
        if byte == ord("("):
            depth += 1
        elif byte == ord(")"):
            depth -= 1
            if not depth:
                break
        result.append(byte)
        at += 1
    return bytes(result)


def _escape(content: bytes, at: int) -> tuple[int, bytes]:
    """Return where to go on after a backslash, and what it stands for."""
    octal = re.compile(rb"[0-7]{1,3}").match(content, at)
    if octal:
        return octal.end(), bytes([int(octal[0], 8) & 0xFF])
    if content[at : at + 2] == b"\r\n":
        return at + 2, b""
    one = content[at : at + 1]
    if one in (b"\n", b"\r"):
        return at + 1, b""
    return at + 1, bytes([_ESCAPED.get(one[0], one[0])]) if one else b""
