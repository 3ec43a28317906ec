"""Files: uploaded by the business, sent in by customers, fetched with the token within five minutes."""

import base64
import hashlib
import itertools
from dataclasses import dataclass

from tests.simulators.whatsapp.errors import VendorError

MB = 1024 * 1024
UPLOAD_DAYS = 30
INBOUND_DAYS = 7
DAY_S = 86_400.0
KINDS = {
    "image": ({"image/jpeg", "image/png"}, 5 * MB),
    "video": ({"video/mp4", "video/3gpp"}, 16 * MB),
    "audio": ({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"}, 16 * MB),
    "document": (
        {
            "text/plain",
            "text/csv",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        },
        100 * MB,
    ),
    "sticker": ({"image/webp"}, 500 * 1024),
}
MARKS = (
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG", "image"),
    (b"RIFF", "sticker"),
    (b"OggS", "audio"),
    (b"%PDF", "document"),
)


def bare(mime_type: str) -> str:
    """A media type without its parameters: audio/ogg; codecs=opus becomes audio/ogg."""
    return mime_type.split(";", 1)[0].strip().lower()


@dataclass(frozen=True)
class Media:
    """A stored file."""

    id: str
    phone_number_id: str
    mime_type: str
    data: bytes
    file_name: str
    created_at: float
    expires_at: float

    @property
    def sha256(self) -> bytes:
        """The digest of the bytes; in hex when asked for, in Base64 in webhooks."""
        return hashlib.sha256(self.data).digest()

    @property
    def sha256_base64(self) -> str:
        """The digest as webhooks have it."""
        return base64.b64encode(self.sha256).decode()


class MediaStore:
    """All files by id."""

    def __init__(self, url_s: float) -> None:
        self._files: dict[str, Media] = {}
        self._ids = itertools.count(1_003_383_421_387_001)
        self._url_s = url_s

    def upload(self, phone_number_id: str, mime_type: str, data: bytes, file_name: str, now: float) -> Media:
        """A file that the business uploads. Raises VendorError for a type or size that Meta refuses."""
        kind = next((name for name, (types, _) in KINDS.items() if bare(mime_type) in types), None)
        if kind is None:
            allowed = ", ".join(sorted(item for types, _ in KINDS.values() for item in types))
            raise VendorError(
                100,
                f"Param file must be a file with one of the following types: {allowed}. "
                f"Received file of type '{mime_type}'.",
            )
        real = next((name for mark, name in MARKS if data.startswith(mark)), kind)
        if real != kind:
            raise VendorError(131053, f"The file is of kind {real}, not {mime_type}.")
        if not data:
            raise VendorError(100, "Param file must not be empty.")
        if len(data) > KINDS[kind][1]:
            raise VendorError(100, f"Param file is too large: {len(data)} bytes, at most {KINDS[kind][1]} for {kind}.")
        return self._add(phone_number_id, mime_type, data, file_name, now, UPLOAD_DAYS)

    def receive(self, phone_number_id: str, mime_type: str, data: bytes, file_name: str, now: float) -> Media:
        """A file from a customer."""
        return self._add(phone_number_id, mime_type, data, file_name, now, INBOUND_DAYS)

    def get(self, media_id: str, now: float) -> Media | None:
        """The file, or None when it is unknown, deleted or past its time."""
        found = self._files.get(media_id)
        return found if found is not None and found.expires_at > now else None

    def sendable(self, phone_number_id: str, media_id: str, kind: str, now: float) -> Media:
        """The uploaded file behind an outgoing message. Raises VendorError when it cannot be sent as this kind."""
        found = self.get(media_id, now)
        if found is None or found.phone_number_id != phone_number_id:
            raise VendorError(100, f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
        types, most = KINDS[kind]
        if bare(found.mime_type) not in types or len(found.data) > most:
            raise VendorError(131053, f"Media of type {found.mime_type} cannot be sent as {kind}.")
        return found

    def delete(self, media_id: str) -> None:
        """Forget a file."""
        self._files.pop(media_id, None)

    def ticket(self, media: Media, now: float) -> dict[str, str]:
        """The query of a download address that holds for five minutes."""
        until = str(int(now + self._url_s))
        return {"mid": media.id, "ext": until, "hash": self._seal(media.id, until)}

    def redeem(self, ticket: dict[str, str], now: float) -> Media | None:
        """The file behind a download address, or None when the address is wrong or past its time."""
        media_id, until = ticket.get("mid", ""), ticket.get("ext", "")
        if ticket.get("hash") != self._seal(media_id, until) or now >= float(until):
            return None
        return self.get(media_id, now)

    def _add(self, phone_number_id: str, mime_type: str, data: bytes, file_name: str, now: float, days: int) -> Media:
        media_id = str(next(self._ids))
        self._files[media_id] = Media(media_id, phone_number_id, mime_type, data, file_name, now, now + days * DAY_S)
        return self._files[media_id]

    @staticmethod
    def _seal(media_id: str, until: str) -> str:
        return hashlib.sha256(f"simulated {media_id} {until}".encode()).hexdigest()[:32]
