"""One message of a webhook becomes what happened. A type that is not known is still somebody who wants an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.events import Content, Edit, MediaRef, NewIdentity, Notice, Reaction, Retraction, Said, What
from connectors.whatsapp import details
from connectors.whatsapp.people import Person, sender_of
from connectors.whatsapp.wire import MAX_ID, MAX_NAME, MAX_WORDS, bounded, filled, identifier, mapping, words

_MEDIA = {
    "image": Content.IMAGE,
    "video": Content.VIDEO,
    "audio": Content.AUDIO,
    "document": Content.DOCUMENT,
    "sticker": Content.STICKER,
}
_NEW_NUMBER = ("user_changed_number", "customer_changed_number")
_NEW_USER_ID = "user_changed_user_id"


class Faulty(ValueError):
    """A message that cannot be read; the text says what is missing and quotes nothing."""


@dataclass(frozen=True)
class Incoming:
    """A message whose id and sender are known."""

    raw: Mapping[str, Any]
    id: str
    person: Person
    group: str  # id of the group that it was said in; empty: in private

    @property
    def kind(self) -> str:
        """The vendor's name of its type."""
        return words(self.raw.get("type"), 64)

    @property
    def sender(self) -> str:
        """Where an answer goes."""
        return self.group or self.person.sender

    def part(self, name: str) -> Mapping[str, Any]:
        """The object under `name`; empty when there is none."""
        return mapping(self.raw.get(name))

    def target(self, name: str, key: str) -> str:
        """The id of the message that this one is about. Raises Faulty when there is none."""
        found = identifier(self.part(name).get(key))
        if not found:
            raise Faulty(f"{name} names no {key}")
        return found

    def said(
        self, content: Content, text: str = "", button: str = "", media: MediaRef | None = None, **more: Any
    ) -> Said:
        """Something said by this sender, with everything that stands beside it."""
        known = {**filled(**more), **details.surroundings_of(self.raw)}
        if self.group:
            known |= filled(content=content.value, speaker=self.person.sender)
        return Said(
            sender=self.sender,
            message=self.id,
            content=Content.GROUP if self.group else content,
            text=text,
            name=self.person.name,
            phone="" if self.group else self.person.phone,
            country=self.person.country,
            aliases=(self.group,) if self.group else self.person.aliases,
            button=button,
            media=media,
            details=known,
            quoted=identifier(self.part("context").get("id")),
        )


def read_message(raw: Any, contacts: list[Person]) -> tuple[str, What]:
    """The message's id and what happened. Raises Faulty when it has no id, no sender or no target."""
    if not isinstance(raw, dict):
        raise Faulty("a message is no object")
    message_id = identifier(raw.get("id"))
    if not message_id:
        raise Faulty(f"a message has no id, or one of more than {MAX_ID} characters")
    person = sender_of(raw, contacts)
    if person is None:
        raise Faulty("a message names no sender")
    incoming = Incoming(raw, message_id, person, identifier(raw.get("group_id")))
    read = _READERS.get(incoming.kind, _unsupported)
    return message_id, read(incoming)


def _unsupported(message: Incoming) -> What:
    kind = words(message.part("unsupported").get("type"), 64) or message.kind
    return message.said(Content.UNSUPPORTED, type=kind)


def _text(message: Incoming) -> What:
    body = words(message.part("text").get("body"), MAX_WORDS)
    return message.said(Content.TEXT, body) if body.strip() else _unsupported(message)


def _media(message: Incoming) -> What:
    part = message.part(message.kind)
    content = Content.VOICE if part.get("voice") is True else _MEDIA[message.kind]
    animated = part.get("animated") is True if content is Content.STICKER else None
    caption = words(part.get("caption"), MAX_WORDS)
    return message.said(content, caption, media=details.media_of(part), animated=animated)


def _location(message: Incoming) -> What:
    return message.said(Content.LOCATION, **details.place_of(message.part("location")))


def _contacts(message: Incoming) -> What:
    return message.said(Content.CONTACTS, cards=details.cards_of(message.raw.get("contacts")))


def _order(message: Incoming) -> What:
    part = message.part("order")
    return message.said(Content.ORDER, words(part.get("text"), MAX_WORDS), basket=details.basket_of(part))


def _choice(message: Incoming, choice: Mapping[str, Any], id_key: str, title_key: str) -> What:
    title = words(choice.get(title_key), MAX_WORDS)
    button = identifier(choice.get(id_key))
    if not button and not title:
        return _unsupported(message)
    return message.said(Content.BUTTON, title, button=button, description=words(choice.get("description")))


def _template_button(message: Incoming) -> What:
    return _choice(message, message.part("button"), "payload", "text")


def _interactive(message: Incoming) -> What:
    part = message.part("interactive")
    kind = words(part.get("type"), 64)
    reply = mapping(part.get(kind))
    if kind in ("button_reply", "list_reply"):
        return _choice(message, reply, "id", "title")
    if kind == "nfm_reply":
        return message.said(Content.FORM, **details.form_of(reply))
    if kind == "call_permission_reply":
        return Notice(kind, {"sender": message.sender, "reply": bounded(reply)})
    return _unsupported(message)


def _reaction(message: Incoming) -> What:
    target = message.target("reaction", "message_id")
    return Reaction(message.sender, target, words(message.part("reaction").get("emoji"), 64))


def _edit(message: Incoming) -> What:
    target = message.target("edit", "original_message_id")
    new = mapping(message.part("edit").get("message"))
    body = mapping(new.get("text")).get("body")
    caption = mapping(new.get(words(new.get("type"), 64))).get("caption")
    return Edit(message.sender, target, words(body, MAX_WORDS) or words(caption, MAX_WORDS))


def _revoke(message: Incoming) -> What:
    return Retraction(message.sender, message.target("revoke", "original_message_id"))


def _system(message: Incoming) -> What:
    part, person = message.part("system"), message.person
    kind = words(part.get("type"), 64)
    number = identifier(part.get("wa_id")) or identifier(part.get("new_wa_id"))
    user_id = identifier(part.get("user_id"))
    if kind in _NEW_NUMBER and (number or user_id):
        return NewIdentity(person.sender, number or user_id, _distinct(person.sender, number, user_id))
    if kind == _NEW_USER_ID and user_id:
        parent = identifier(part.get("parent_user_id"))
        aliases = _distinct(person.user_id, person.wa_id, user_id, parent)
        return NewIdentity(person.user_id or person.wa_id, user_id, aliases)
    return Notice(f"system.{kind}", filled(sender=message.sender, body=words(part.get("body"), MAX_NAME)))


def _distinct(*ids: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in ids if each))


_READERS: Mapping[str, Callable[[Incoming], What]] = {
    "text": _text,
    **dict.fromkeys(_MEDIA, _media),
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "button": _template_button,
    "interactive": _interactive,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "system": _system,
}
