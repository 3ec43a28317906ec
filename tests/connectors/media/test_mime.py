from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.media import office
from connectors.media.limits import load_limits
from connectors.media.mime import EMPTY, HEAD, UNKNOWN, read_mime
from tests.connectors.media import files

OPEN_XML = "application/vnd.openxmlformats-officedocument."
WORD = f"{OPEN_XML}wordprocessingml.document"
SHEET = f"{OPEN_XML}spreadsheetml.sheet"
SLIDES = f"{OPEN_XML}presentationml.presentation"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + bytes(20)

KEPT = {
    "png": (files.png(), "image/png"),
    "jpeg": (JPEG, "image/jpeg"),
    "gif": (b"GIF89a\x01\0\x01\0\0\0\0;", "image/gif"),
    "webp": (files.webp(), "image/webp"),
    "heic": (files.iso(b"heic", b"mif1", b"heic"), "image/heic"),
    "heic named by its second brand": (files.iso(b"mif1", b"mif1", b"heic"), "image/heic"),
    "avif": (files.iso(b"avif", b"mif1", b"miaf"), "image/avif"),
    "heif": (files.iso(b"mif1"), "image/heif"),
    "voice of WhatsApp": (files.ogg(), "audio/ogg"),
    "vorbis": (files.ogg(b"\x01vorbis" + bytes(23)), "audio/ogg"),
    "voice of LINE": (files.iso(b"M4A ", b"isom", b"mp42"), "audio/mp4"),
    "mp3": (b"ID3\x04" + bytes(60), "audio/mpeg"),
    "amr": (b"#!AMR\n" + bytes(20), "audio/amr"),
    "wav": (files.wav(), "audio/wav"),
    "mp4": (files.iso(b"isom", b"iso2", b"avc1"), "video/mp4"),
    "mp4 of an unknown maker": (files.iso(b"XXXX", b"mp42"), "video/mp4"),
    "3gp": (files.iso(b"3gp5", b"3gp5"), "video/3gpp"),
    "mov": (files.iso(b"qt  ", b"qt  "), "video/quicktime"),
    "pdf": (files.pdf(), "application/pdf"),
    "pdf of letters only": (b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n", "application/pdf"),
    "docx": (files.docx(), WORD),
    "xlsx": (files.archive("xl/workbook.xml", "[Content_Types].xml"), SHEET),
    "pptx": (files.archive("[Content_Types].xml", "ppt/presentation.xml"), SLIDES),
    "odt": (files.odt(), "application/vnd.oasis.opendocument.text"),
    "doc": (files.compound("1Table", "WordDocument"), "application/msword"),
    "xls": (files.compound("Workbook"), "application/vnd.ms-excel"),
    "ppt": (files.compound("Current User", "PowerPoint Document"), "application/vnd.ms-powerpoint"),
    "text": ("Die Lampe flackert\nund wird heiß".encode(), "text/plain"),
    "text that begins like a BMP": (b"BMW parts, order list", "text/plain"),
    "text that speaks of code": (b"The page says: var x is undefined; class is full. import duty?", "text/plain"),
    "Thai": ("สินค้าชำรุด กรุณาเปลี่ยนให้ด้วย".encode(), "text/plain"),
    "Thai of old Windows": ("สินค้าชำรุด".encode("tis-620"), "text/plain"),
    "Japanese of old Windows": ("壊れています。交換してください".encode("shift_jis"), "text/plain"),
    "Japanese mail": ("壊れています".encode("iso2022_jp"), "text/plain"),
    "Arabic in UTF-16": ("المنتج تالف".encode("utf-16"), "text/plain"),
    "csv": (b"\xef\xbb\xbforder;date\r\nlamp;2026-11-01\r\n", "text/plain"),
}  # fmt: skip

REFUSED = {
    "nothing": (b"", EMPTY),
    "html": (files.HTML, "text/html"),
    "html after spaces and a mark": (b"\xef\xbb\xbf\n  <HTML><body>", "text/html"),
    "html in the middle of a text": (b"hello\n<script src=x></script>", "text/html"),
    "html comment": (b"<!--x--><b>hi", "text/html"),
    "html in UTF-16": ("<html><script>".encode("utf-16"), "text/html"),
    "svg": (files.SVG, "image/svg+xml"),
    "svg with a prefix": (b'<x:svg xmlns:x="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    "xml": (b'<?xml version="1.0"?><a/>', "text/xml"),
    "shell": (b"#!/bin/sh\nrm -rf ~\n", "text/x-script"),
    "batch": (b"@echo off\r\ndel *.*\r\n", "text/x-script"),
    "php": (b"<?php system($_GET['c']);", "text/x-script"),
    "javascript": (b"/* mine */ // x\n(function () { alert(1) })()", "text/javascript"),
    "javascript, modern": (b"const go = async () => fetch('/')", "text/javascript"),
    "javascript module": (b"import fs from 'fs'", "text/javascript"),
    "exe": (files.exe(), "application/x-msdownload"),
    "elf": (b"\x7fELF\x02\x01\x01" + bytes(60), "application/x-executable"),
    "java class": (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(20), UNKNOWN),
    "zip": (files.archive("a.txt"), office.ZIP),
    "jar": (files.archive("META-INF/MANIFEST.MF", "A.class"), office.ZIP),
    "docx cut short": (files.docx()[:-40], office.ZIP),
    "docx with a program": (files.docx("word/vbaProject.bin"), office.MACROS),
    "odt with a program": (files.odt("Basic/Standard/Module1.xml"), office.MACROS),
    "doc with a program": (files.compound("WordDocument", "_VBA_PROJECT"), office.MACROS),
    "installer": (files.compound("\u4840\u3b3f"), office.COMPOUND),
    "video in ogg": (files.ogg(b"\x80theora" + bytes(20)), UNKNOWN),
    "ogg cut short": (b"OggS\0\x02", UNKNOWN),
    "rtf": (b"{\\rtf1 hi}", "application/rtf"),
    "binary after a long text": (b"a" * HEAD + b"\0\x01", UNKNOWN),
    "half a character of UTF-16": (b"\xff\xfe\x00\xd8\x41\x00", UNKNOWN),
}


def mime_of(folder: Path, data: bytes) -> str:
    path = folder / "file"
    path.write_bytes(data)
    return read_mime(path)


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_known_by_its_bytes(name: str, tmp_path: Path) -> None:
    data, mime = KEPT[name]
    assert mime_of(tmp_path, data) == mime
    assert mime in load_limits().kinds


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_known_by_its_bytes(name: str, tmp_path: Path) -> None:
    data, mime = REFUSED[name]
    assert mime_of(tmp_path, data) == mime
    assert mime not in load_limits().kinds


def test_a_long_list_of_files_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MAX_DIRECTORY", 100)
    assert mime_of(tmp_path, files.docx()) == office.ZIP


def test_a_list_of_files_that_does_not_end_the_file_is_not_read(tmp_path: Path) -> None:
    assert mime_of(tmp_path, files.docx() + b"#!/bin/sh") == office.ZIP


def test_many_comments_take_no_time(tmp_path: Path) -> None:
    assert mime_of(tmp_path, b"/**/" * 16_000 + b"hello") == "text/plain"


STARTS = [b"", files.png()[:20], files.ogg()[:28], files.docx(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe",
          b"\0\0\0\x18ftyp", b"PK\x03\x04", b"RIFF", b"<"]  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=200))
def test_no_bytes_are_too_odd(tmp_path: Path, start: bytes, rest: bytes) -> None:
    assert "/" in mime_of(tmp_path, start + rest)
