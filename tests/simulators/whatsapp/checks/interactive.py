"""Interactive messages: reply buttons, lists, a link button, a request for a location."""

from tests.simulators.whatsapp.checks.node import Node
from tests.simulators.whatsapp.errors import VendorError
from tests.simulators.whatsapp.view import Choice, Row, Section, Seen

BODY = 1024
LIST_BODY = 4096
FOOTER = 60
HEADER = 60
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
LIST_BUTTON = 20
SECTIONS = 10
ROWS = 10
SECTION_TITLE = 24
ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200
LINK_TITLE = 20
MEDIA_HEADERS = ("image", "video", "document")
NOT_SIMULATED = {"product", "product_list", "catalog_message", "flow", "address_message", "voice_call", "carousel"}


def check_interactive(node: Node) -> Seen:
    """What the customer sees. Raises VendorError for what Meta refuses."""
    node.only("type", "header", "body", "footer", "action")
    kind = node.text("type")
    if kind in NOT_SIMULATED:
        raise VendorError(131051, f"Message type interactive/{kind} is not supported by the simulator.")
    kind = node.one_of("type", "button", "list", "cta_url", "location_request_message")
    action = node.child("action")
    body = node.child("body")
    body.only("text")
    text = body.text("text", LIST_BODY if kind == "list" else BODY)
    footer = ""
    if (foot := node.optional("footer")) is not None:
        foot.only("text")
        footer = foot.text("text", FOOTER)
    header, media = _header(node, kind)
    seen = Seen(text=text, footer=footer, header=header, media=media)
    checks = {"button": _buttons, "list": _list, "cta_url": _link, "location_request_message": _location}
    return checks[kind](action, seen)


def _header(node: Node, kind: str) -> tuple[str, str]:
    head = node.optional("header")
    if head is None:
        return "", ""
    if kind == "location_request_message":
        raise VendorError(100, 'Unexpected key "header" on param "interactive".')
    shape = head.one_of("type", "text", *MEDIA_HEADERS) if kind != "list" else head.one_of("type", "text")
    head.only("type", shape)
    if shape == "text":
        return head.text("text", HEADER), ""
    media = head.child(shape)
    media.only("id", "link", "filename")
    return "", media.text("id") if "id" in media.value else media.url("link")


def _buttons(action: Node, seen: Seen) -> Seen:
    action.only("buttons")
    count = len(action.items("buttons"))
    if not 1 <= count <= BUTTONS:
        raise action.refuse(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS}")
    choices = []
    for button in action.each("buttons"):
        button.only("type", "reply")
        button.one_of("type", "reply")
        reply = button.child("reply")
        reply.only("id", "title")
        choices.append(Choice(_clean_id(reply, BUTTON_ID), reply.text("title", BUTTON_TITLE)))
    _unique(action, "Duplicated button title", [choice.title for choice in choices])
    _unique(action, "Duplicated button id", [choice.id for choice in choices])
    return seen.having(buttons=tuple(choices))


def _list(action: Node, seen: Seen) -> Seen:
    action.only("button", "sections")
    button = action.text("button", LIST_BUTTON)
    if not 1 <= len(action.items("sections")) <= SECTIONS:
        raise action.refuse(f"Invalid sections count. Min allowed sections: 1, Max allowed sections: {SECTIONS}")
    many = len(action.items("sections")) > 1
    sections = []
    for section in action.each("sections"):
        section.only("title", "rows")
        title = section.text("title", SECTION_TITLE, required=many)
        if not section.items("rows"):
            raise section.refuse(f"Param {section.place('rows')} must have at least one row.")
        sections.append(Section(title, tuple(_row(row) for row in section.each("rows"))))
    rows = [row for section in sections for row in section.rows]
    if len(rows) > ROWS:
        raise action.refuse(f"Total row count exceed max allowed count: {ROWS}")
    _unique(action, "Duplicated row id", [row.id for row in rows])
    return seen.having(list_button=button, sections=tuple(sections))


def _row(row: Node) -> Row:
    row.only("id", "title", "description")
    described = row.text("description", ROW_DESCRIPTION, required=False)
    return Row(_clean_id(row, ROW_ID), row.text("title", ROW_TITLE), described)


def _link(action: Node, seen: Seen) -> Seen:
    action.only("name", "parameters")
    action.one_of("name", "cta_url")
    parameters = action.child("parameters")
    parameters.only("display_text", "url")
    return seen.having(link_title=parameters.text("display_text", LINK_TITLE), link=parameters.url("url"))


def _location(action: Node, seen: Seen) -> Seen:
    action.only("name")
    action.one_of("name", "send_location")
    return seen.having(asks_location=True)


def _clean_id(node: Node, longest: int) -> str:
    value = node.text("id", longest)
    if value != value.strip():
        raise node.unfit("id", "must not begin or end with a space")
    return value


def _unique(node: Node, complaint: str, values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise node.refuse(f"{complaint} in {node.path}")
