"""Who a message is from: the number, the business-scoped id, or both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.whatsapp.phone import dialable
from connectors.whatsapp.wire import MAX_NAME, identifier, mapping, objects, words

MAX_CONTACTS = 1_000  # updates of one webhook
_COUNTRY = re.compile(r"([A-Z]{2})\.")  # a business-scoped user id begins with its country


@dataclass(frozen=True)
class Person:
    """Somebody at WhatsApp; an id that is not known is empty, and at least one is known."""

    wa_id: str  # digits of the number, as WhatsApp writes it
    user_id: str = ""  # business-scoped
    parent_id: str = ""  # the same for linked businesses
    name: str = ""

    @property
    def sender(self) -> str:
        """The id that answers go to."""
        return self.wa_id or self.user_id

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every known id, `sender` first."""
        return tuple(dict.fromkeys(known for known in (self.wa_id, self.user_id, self.parent_id) if known))

    @property
    def phone(self) -> str:
        """E.164 with +, as it is dialled today; empty: hidden, or no plausible number."""
        return dialable(self.wa_id)

    @property
    def country(self) -> str:
        """ISO 3166 code of the business-scoped id; empty: there is none."""
        match = _COUNTRY.match(self.user_id)
        return match[1] if match else ""


def contacts_of(value: Mapping[str, Any]) -> list[Person]:
    """The people in the envelope of a webhook's messages."""
    return [
        Person(
            wa_id=identifier(contact.get("wa_id")),
            user_id=identifier(contact.get("user_id")),
            parent_id=identifier(contact.get("parent_user_id")),
            name=_name(mapping(contact.get("profile"))),
        )
        for contact in objects(value.get("contacts"), MAX_CONTACTS)
    ]


def _name(profile: Mapping[str, Any]) -> str:
    return words(profile.get("name"), MAX_NAME).strip() or words(profile.get("username"), MAX_NAME).strip()


def sender_of(message: Mapping[str, Any], contacts: list[Person]) -> Person | None:
    """The message's sender with what the envelope adds; None: it names nobody.

    A contact adds only when it shares an id with the message: a wrong guess would show somebody's words to another.
    """
    wa_id, user_id = identifier(message.get("from")), identifier(message.get("from_user_id"))
    if not wa_id and not user_id:
        return contacts[0] if len(contacts) == 1 and contacts[0].sender else None
    contact = next((each for each in contacts if _shared(wa_id, each.wa_id) or _shared(user_id, each.user_id)), None)
    return Person(
        wa_id=wa_id or (contact.wa_id if contact else ""),
        user_id=user_id or (contact.user_id if contact else ""),
        parent_id=identifier(message.get("from_parent_user_id")) or (contact.parent_id if contact else ""),
        name=contact.name if contact else "",
    )


def _shared(left: str, right: str) -> bool:
    return bool(left) and left == right
