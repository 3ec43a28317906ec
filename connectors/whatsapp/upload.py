"""Files that we send: uploaded to Meta first, then named by Meta's id in the message."""

import asyncio
from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from connectors.delivery.errors import Refused
from connectors.media.stored import FileBytes, ReadFile
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.client import Graph
from connectors.whatsapp.wire import identifier, mapping

KINDS = ("image", "document")
KNOWN_S = 24 * 3600.0  # Meta keeps an upload for 30 days
MOST_KNOWN = 2_000


class Uploads:
    """Uploads of one process. After a restart a file is uploaded again, which harms nothing: nobody sees an upload."""

    def __init__(self, graph: Graph, read: ReadFile) -> None:
        self._graph = graph
        self._read = read
        self._known: TTLCache[tuple[str, str], str] = TTLCache(MOST_KNOWN, ttl=KNOWN_S)

    async def bring(self, account: WhatsAppAccount, body: Mapping[str, Any]) -> None:
        """Meta has the file of the planned message, when it has one. Raises DeliveryError, never Uncertain."""
        media_id = file_of(body)
        if not media_id or (account.name, media_id) in self._known:
            return
        file = await asyncio.to_thread(self._read, media_id)
        self._known[account.name, media_id] = await self._upload(account, file)

    def named(self, account: WhatsAppAccount, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The planned message with Meta's id in place of ours."""
        media_id, kind = file_of(body), str(body.get("type"))
        if not media_id:
            return body
        part = {key: value for key, value in mapping(body.get(kind)).items() if key != "file"}
        return {**body, kind: {"id": self._known[account.name, media_id], **part}}

    def forget(self, account: WhatsAppAccount, body: Mapping[str, Any]) -> None:
        """Meta refused the message: should it have lost the file, the next try uploads it again."""
        self._known.pop((account.name, file_of(body)), None)

    async def _upload(self, account: WhatsAppAccount, file: FileBytes) -> str:
        fields = {"messaging_product": "whatsapp", "type": file.mime}
        answer = await self._graph.upload(
            account, f"{account.phone_number_id}/media", fields, (file.name, file.data, file.mime)
        )
        found = identifier(answer.body.get("id"))
        if not found:
            raise Refused("no_media_id", "Meta took the file and named no id", "Send it again.")
        return found


def file_of(body: Mapping[str, Any]) -> str:
    """Our id of the file that a planned message sends; empty: none."""
    kind = body.get("type")
    return str(mapping(body.get(kind)).get("file", "")) if kind in KINDS else ""
