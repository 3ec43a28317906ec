"""Approved templates: which one serves a purpose in exactly a locale, and what the customer will read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from connectors.delivery.errors import Hold
from connectors.whatsapp.wire import words

MAX_BODY = 1_024  # characters of the text with its parameters
MAX_PARAMETERS = 50
APPROVED = "approved"
REPLY_WAITING = "reply_waiting"  # asks a person to open the window again; the product itself sends it
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,64})\s*\}\}")
_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_SPACES = re.compile("[ \u00a0]{2,}")
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")

Status = Literal["approved", "pending", "rejected", "paused", "disabled", "in_appeal", "deleted", "unknown"]
Category = Literal["utility", "marketing", "authentication", "unknown"]


class Button(BaseModel):
    """A button of a template; only a quick reply brings a payload back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(max_length=25)
    type: Literal["quick_reply", "other"] = "quick_reply"


class Template(BaseModel):
    """One language version of a template. `parameters` are names for people, in the order of the body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9_]{1,512}$")
    language: str = Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$", description="Meta's code: de, pt_BR, zh_TW")
    status: Status = "unknown"
    category: Category = "unknown"
    format: Literal["positional", "named"] = "positional"
    parameters: tuple[str, ...] = Field((), max_length=MAX_PARAMETERS)
    header: str = Field("", max_length=60)
    body: str = Field(min_length=1, max_length=MAX_BODY)
    footer: str = Field("", max_length=60)
    buttons: tuple[Button, ...] = Field((), max_length=10)
    reason: str = Field("", max_length=500, description="why it is not approved, in Meta's words")
    beyond: str = Field("", max_length=200, description="parts that need more than words in the body; cannot be sent")
    business_account: str = Field("", pattern=r"^[0-9]{0,32}$", description="empty: written by hand, for all")

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The body's placeholders, each once, in the order that Meta counts them."""
        found = tuple(dict.fromkeys(_PLACEHOLDER.findall(self.body)))
        return tuple(sorted(found, key=int)) if all(each.isdigit() for each in found) else found


@dataclass(frozen=True)
class Registry:
    """Every known template.

    `purposes`: what we need one for → its name. `payloads`: name → what its quick replies bring back, in order.
    `locales`: BCP 47 tag without territory → Meta's code. `synced`: business accounts whose templates were read from
    Meta; what was written by hand no longer speaks for them.
    """

    templates: tuple[Template, ...] = ()
    purposes: Mapping[str, str] = field(default_factory=dict)
    payloads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locales: Mapping[str, str] = field(default_factory=dict)
    synced: tuple[str, ...] = ()

    def codes(self, locale: str) -> tuple[str, ...]:
        """Meta's codes of exactly this BCP 47 locale, the most exact first; never another language's.

        Another country's only where locales.yml says that the code stands for a script (zh_CN for all Simplified).
        """
        match = _TAG.fullmatch(locale)
        if not match:
            return ()
        language, script, territory = match[1].lower(), (match[2] or "").title(), (match[3] or "").upper()
        tag = f"{language}-{script}" if script else language
        general = self.locales.get(tag, language) if script or not territory else language
        return tuple(dict.fromkeys((f"{language}_{territory}", general) if territory else (general,)))

    def find(self, name: str, locale: str, business_account: str) -> Template | None:
        """The template of a purpose or name in exactly this locale, whatever its state; None: there is none."""
        wanted = self.purposes.get(name, name)
        for code in self.codes(locale):
            for template in self.of(business_account):
                if template.name == wanted and template.language == code:
                    return template
        return None

    def of(self, business_account: str) -> Iterator[Template]:
        """The templates of one WhatsApp business account."""
        mine = (business_account,) if business_account in self.synced else ("", business_account)
        return (each for each in self.templates if each.business_account in mine)

    def choose(self, name: str, locale: str, business_account: str) -> Template:
        """The approved template of a purpose or name in exactly this locale. Raises Hold with what to do."""
        template = self.find(name, locale, business_account)
        if template is None:
            wanted = " or ".join(self.codes(locale)) or locale
            raise Hold(
                "template_missing",
                f"no template {self.purposes.get(name, name)!r} in {wanted}",
                f"Have it approved in {wanted} in WhatsApp Manager, then run `aftersail channels templates`.",
            )
        if template.status != APPROVED:
            reason = f": {template.reason}" if template.reason else ""
            raise Hold(
                "template_not_approved",
                f"the template {template.name!r} in {template.language} is {template.status}{reason}",
                "See its state in WhatsApp Manager > Message templates; it is sent when Meta approves it.",
            )
        if template.beyond:
            raise Hold(
                "template_beyond",
                f"the template {template.name!r} in {template.language} needs {template.beyond}",
                "Use a template whose only parameters stand in its body.",
            )
        return template


def values_of(template: Template, given: Any) -> tuple[str, ...]:
    """The parameters in the order of `template.placeholders`, clean. `given`: a list in that order.

    Raises Hold when one is missing, empty or too many, or when the text with them is too long.
    """
    values = tuple(clean_parameter(value) for value in (given if isinstance(given, list | tuple) else ()))
    expected = len(template.placeholders)
    if len(values) != expected or not all(values):
        raise Hold(
            "template_parameters",
            f"the template {template.name!r} in {template.language} takes {expected} filled parameters,"
            f" and {sum(map(bool, values))} were given",
            "Correct what the message gives to the template, or the template.",
        )
    if len(filled_in(template, template.body, values)) > MAX_BODY:
        raise Hold(
            "template_too_long",
            f"the template {template.name!r} with its parameters has more than {MAX_BODY} characters",
            "Shorten the parameters.",
        )
    return values


def clean_parameter(value: Any) -> str:
    """The value as Meta takes it: one line, no tabs, no more than one space in a row; direction marks stay."""
    line = _BREAKS.sub(" ", value if isinstance(value, str) else str(value))
    return _SPACES.sub(" ", words(line, MAX_BODY + 1)).strip()


def filled_in(template: Template, text: str, values: Sequence[str]) -> str:
    """`text` with every placeholder replaced once: a value that looks like a placeholder stays as it is."""
    by_name = dict(zip(template.placeholders, values, strict=False))
    return _PLACEHOLDER.sub(lambda match: by_name.get(match[1], match[0]), text)


def shown(template: Template, values: Sequence[str]) -> str:
    """What the customer will read, header and footer as paragraphs of their own."""
    parts = (template.header, filled_in(template, template.body, values), template.footer)
    return "\n\n".join(part for part in parts if part)


def message_of(template: Template, values: Sequence[str], payloads: Sequence[str] = ()) -> dict[str, Any]:
    """The message object of the API. A quick reply without a payload brings back its title."""
    names = template.placeholders if template.format == "named" else ()
    parameters = [{"type": "text", "text": value} for value in values]
    for parameter, name in zip(parameters, names, strict=False):
        parameter["parameter_name"] = name
    components: list[dict[str, Any]] = [{"type": "body", "parameters": parameters}] if parameters else []
    quick = [index for index, button in enumerate(template.buttons) if button.type == "quick_reply"]
    for index, payload in zip(quick, payloads, strict=False):
        press = [{"type": "payload", "payload": payload}]
        components.append({"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": press})
    return {
        "type": "template",
        "template": {"name": template.name, "language": {"code": template.language}, "components": components},
    }
