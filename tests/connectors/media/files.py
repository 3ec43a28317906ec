"""Small real files, made here."""

import io
import struct
import wave
import zipfile
import zlib


def png(note: bytes = b"") -> bytes:
    """One grey pixel, with `note` in a text chunk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"tEXt", b"note\0" + note), chunk(b"IDAT", zlib.compress(b"\0\x80"))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def ogg(packet: bytes = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0") -> bytes:
    """The first page of an Ogg stream."""
    page = struct.pack("<4sBBqIIIB", b"OggS", 0, 2, 0, 7, 0, 0, 1) + bytes([len(packet)]) + packet
    return page[:22] + struct.pack("<I", zlib.crc32(page)) + page[26:]


def iso(*brands: bytes) -> bytes:
    """The beginning of an MP4 or HEIF file."""
    box = brands[0] + b"\0\0\0\0" + b"".join(brands[1:])
    return struct.pack(">I", len(box) + 8) + b"ftyp" + box + struct.pack(">I", 16) + b"mdat" + bytes(8)


def webp() -> bytes:
    """The beginning of a picture in WebP."""
    body = b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f\0\0\0\0\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def wav() -> bytes:
    """A little silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(64))
    return file.getvalue()


def pdf() -> bytes:
    """An empty page."""
    objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0>>endobj\n"
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + objects + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def archive(*names: str, first: tuple[str, str] = ("", "")) -> bytes:
    """A ZIP with files of those names; `first`: (name, content) stored before them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        if first[0]:
            made.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name in names:
            made.writestr(name, f"<{name}/>" * 20)
    return file.getvalue()


def docx(*more: str) -> bytes:
    """A Word file."""
    return archive(
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "a.xml", "b.xml", "word/document.xml", *more
    )


def odt(*more: str) -> bytes:
    """A LibreOffice text."""
    return archive("content.xml", *more, first=("mimetype", "application/vnd.oasis.opendocument.text"))


def compound(*streams: str) -> bytes:
    """The beginning of an office file of before 2007, with streams of those names in its directory."""
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entries


def exe() -> bytes:
    """The beginning of a Windows program."""
    return b"MZ\x90\0\x03\0\0\0" + bytes(52) + struct.pack("<I", 64) + b"PE\0\0" + bytes(64)


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
