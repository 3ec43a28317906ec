"""Reads multipart/form-data, which Starlette leaves to a package that the product does not need."""

import re
from dataclasses import dataclass

BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
NAME = re.compile(r';\s*name="([^"]*)"', re.IGNORECASE)
FILE_NAME = re.compile(r';\s*filename="([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A field of a form. `file_name` is empty for a plain field."""

    name: str
    file_name: str
    mime_type: str
    data: bytes

    @property
    def text(self) -> str:
        """The value as text."""
        return self.data.decode("utf-8", "replace")


def read_multipart(content_type: str, body: bytes) -> dict[str, Part]:
    """Parts by field name; the last of a name wins. Raises ValueError for what is no form."""
    found = BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        raise ValueError("not a multipart form")
    mark = b"\r\n--" + found[1].encode("latin-1")
    parts: dict[str, Part] = {}
    for chunk in (b"\r\n" + body).split(mark)[1:]:
        if chunk.startswith(b"--"):
            return parts
        head, separator, data = chunk.partition(b"\r\n\r\n")
        if not separator:
            raise ValueError("a part has no headers")
        part = _part(head.decode("utf-8", "replace"), data)
        parts[part.name] = part
    raise ValueError("the form has no end")


def _part(head: str, data: bytes) -> Part:
    lines = dict(line.split(":", 1) for line in head.strip().split("\r\n") if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, value in lines.items()}
    disposition = headers.get("content-disposition", "")
    name = NAME.search(disposition)
    if name is None:
        raise ValueError("a part has no name")
    file_name = FILE_NAME.search(disposition)
    return Part(name[1], file_name[1] if file_name else "", headers.get("content-type", ""), data)
