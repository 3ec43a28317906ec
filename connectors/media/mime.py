"""What a file is, read from its bytes: nobody's word for it counts."""

import codecs
import re
from pathlib import Path
from typing import BinaryIO

import filetype  # type: ignore[import-untyped]

from connectors.media.office import OLE, ZIP_HEAD, ole_mime, zip_mime
from connectors.media.text_kinds import text_mime

HEAD = 64 * 1024  # bytes that decide
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Control bytes that no text has in UTF-8, GBK, Big5, Shift_JIS, EUC-KR, TIS-620 or Windows' code pages. ISO-2022-JP
# needs the escape.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HEIF = (b"mif1", b"msf1")  # brands that say only "pictures"; the compatible brands say which
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys((b"mp41", b"mp42", b"mp71", b"isom", b"avc1", b"dash", b"M4V ", b"MSNV", b"mmp4"), "video/mp4"),
    **dict.fromkeys((b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9"), "video/mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gr6", b"3gs7", b"3ge6", b"3ge7"), "video/3gpp"),
    **dict.fromkeys((b"3g2a", b"3g2b", b"3g2c"), "video/3gpp2"),
    b"qt  ": "video/quicktime",
}
_OGG = (
    (b"OpusHead", "audio/ogg"),
    (b"\x01vorbis", "audio/ogg"),
    (b"Speex   ", "audio/ogg"),
    (b"\x7fFLAC", "audio/ogg"),
)
_SAME = {"audio/x-wav": "audio/wav", "audio/x-flac": "audio/flac", "video/x-m4v": "video/mp4"}


def read_mime(path: Path) -> str:
    """The media type without parameters; UNKNOWN for bytes that fit nothing, EMPTY for none. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            return EMPTY
        if head.startswith(_UTF16):
            return _utf16(head)
        if _is_text(head, file):
            return text_mime(head.decode("utf-8", "replace"))
        return _binary(head, file)


def _is_text(head: bytes, file: BinaryIO) -> bool:
    """Whether the whole file, and not its beginning only, is free of control bytes."""
    chunk = head
    while chunk:
        if _CONTROL.search(chunk):
            return False
        chunk = file.read(HEAD)
    return True


def _utf16(head: bytes) -> str:
    try:
        text = codecs.getincrementaldecoder("utf-16")().decode(head)
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if _CONTROL_CHARACTERS.search(text) else text_mime(text)


def _binary(head: bytes, file: BinaryIO) -> str:
    if head.startswith(ZIP_HEAD):
        return zip_mime(head, file)
    if head.startswith(OLE):
        return ole_mime(file)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.startswith(b"OggS"):
        return _ogg(head)
    found = filetype.guess(head)
    return _SAME.get(found.mime, str(found.mime)) if found else UNKNOWN


def _iso_media(head: bytes) -> str:
    """MP4 and its kin, by the brands that the file names: the major one first."""
    end = min(int.from_bytes(head[:4], "big"), len(head), 512)
    brands = [head[8:12], *(head[start : start + 4] for start in range(16, end - 3, 4))]
    known = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if brands[0] not in _HEIF:
        return known[0] if known else UNKNOWN
    return next((mime for mime in known if mime.startswith("image/")), "image/heif")


def _ogg(head: bytes) -> str:
    """Voice and music in Ogg, by the codec that the first page names."""
    if len(head) < 28:
        return UNKNOWN
    packet = head[27 + head[26] :]  # after the page's segment table
    return next((mime for start, mime in _OGG if packet.startswith(start)), UNKNOWN)
