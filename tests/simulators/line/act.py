"""What a customer does, as tests and the page say it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

CONTENT_MAX = 40 * 1024 * 1024  # characters of Base64


class Act(BaseModel):
    """One action of a person. Only `type`, `user` and what the type needs must be given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    user: str = ""  # user id; a new one becomes a friend
    bot: str = ""  # user id or name; empty: the first bot
    group: str = ""  # group or room that it happens in; a new one is joined silently
    mode: Literal["active", "standby"] = "active"
    at_ms: int | None = None  # empty: now
    # text, edited
    text: str = Field("", max_length=20_000)
    emojis: tuple[str, ...] = ()  # pieces of the text that are LINE emoji, such as "(love)"
    mentions: tuple[str, ...] = ()  # self, all or user ids; "@name " of each is put before the text
    quote: str = ""  # message id
    # unsend, edited, tap
    message_id: str = ""
    label: str = ""  # tap: the button's label; of the newest message that has it when there is no message_id
    # postback
    data: str = ""
    params: dict[str, str] | None = None
    # image, video, audio, file
    content: str = Field("", max_length=CONTENT_MAX)  # Base64; empty: a sample
    mime: str = ""
    file_name: str = "receipt.pdf"
    duration_ms: int = 2000
    total: int = Field(1, ge=1, le=20)  # pictures sent together
    external_url: str = ""  # the file lies elsewhere (contentProvider external)
    preparing_s: float | None = None  # empty: the config's for videos, 0 for others
    transcoding_fails: bool = False
    # location
    title: str = ""
    address: str = ""
    latitude: float = 35.65910807942215
    longitude: float = 139.70372892916203
    # sticker
    package_id: str = "446"
    sticker_id: str = "1988"
    resource_type: str = "STATIC"
    keywords: tuple[str, ...] = Field((), max_length=15)
    # events of partners and things
    members: tuple[str, ...] = ()
    result: Literal["ok", "failed"] = "ok"
    nonce: str = "simulated-nonce"
    hwid: str = "d41d8cd98f"
    beacon: Literal["enter", "banner", "stay"] = "enter"
    dm: str = ""
    tracking_id: str = "track_id"
    membership: Literal["joined", "left", "renewed"] = "joined"
    # raw: members of an event that are put over the common ones
    event: dict[str, Any] = Field(default_factory=dict)


class ImpossibleError(ValueError):
    """Something that a person could not do now; the text says why."""
