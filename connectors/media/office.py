"""Office files: archives and compound files that look like many others."""

import mmap
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

ZIP_HEAD = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = "application/zip"
COMPOUND = "application/x-ole-storage"
MACROS = "application/vnd.ms-office.macros"  # ours: an office file that carries a program
MAX_DIRECTORY = 1024 * 1024  # bytes of a ZIP's list of files; it is read into memory

_END = struct.Struct("<4s4H2LH")  # end of central directory
_LOCATOR = b"PK\x06\x07"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_PARTS = {
    "word/": f"{_OPEN_XML}wordprocessingml.document",
    "xl/": f"{_OPEN_XML}spreadsheetml.sheet",
    "ppt/": f"{_OPEN_XML}presentationml.presentation",
}
_OPEN_DOCUMENT = [
    f"application/vnd.oasis.opendocument.{kind}".encode() for kind in ("text", "spreadsheet", "presentation")
]
_PROGRAM = re.compile(r"(?i)(.*/)?vbaproject[^/]*\.bin|xl/macrosheets/.*|(basic|scripts)/.*")
_STREAMS = (
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
)
_VBA = "_VBA_PROJECT".encode("utf-16-le")


def zip_mime(head: bytes, file: BinaryIO) -> str:
    """The office type; MACROS when it carries a program; ZIP for every other or damaged archive."""
    if not _is_small(file):
        return ZIP
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    # zipfile raises NotImplementedError for ways of packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, struct.error):
        return ZIP
    kind = _open_document(head) or _open_xml(names)
    return MACROS if kind and any(_PROGRAM.fullmatch(name) for name in names) else kind or ZIP


def ole_mime(file: BinaryIO) -> str:
    """The type of an office file of before 2007; MACROS; COMPOUND for installers, mails and others."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(_VBA) >= 0:
            return MACROS
        # A name ends with a null character in the file's directory.
        return next((mime for name, mime in _STREAMS if data.find(f"{name}\0".encode("utf-16-le")) >= 0), COMPOUND)


def _is_small(file: BinaryIO) -> bool:
    """Whether the list of files ends the archive and is short: a forged one may not fill the memory."""
    size = file.seek(0, 2)
    if size < _END.size + len(ZIP_HEAD):
        return False
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    signature, *_, directory, _start, comment = _END.unpack(tail[-_END.size :])
    is_long = tail[: -_END.size].startswith(_LOCATOR)
    return bool(signature == b"PK\x05\x06" and not comment and directory <= MAX_DIRECTORY and not is_long)


def _open_document(head: bytes) -> str:
    if head[30:38] != b"mimetype":
        return ""
    found = (mime for mime in _OPEN_DOCUMENT if head[38:].startswith(mime + b"PK"))
    return next(found, b"").decode()


def _open_xml(names: list[str]) -> str:
    if "[Content_Types].xml" not in names:
        return ""
    return next((mime for part, mime in _PARTS.items() if any(name.startswith(part) for name in names)), "")
