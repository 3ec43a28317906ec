"""What the simulated platform consists of: bots, the people who may talk with them, and times."""

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

USER_ID = re.compile(r"U[0-9a-f]{32}")
CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")


@dataclass(frozen=True)
class Friend:
    """A person whom a bot knows. Ids are per provider: the same person has another id at another provider."""

    user_id: str  # U and 32 hexadecimal digits
    name: str
    language: str = ""  # BCP 47 language of the app; empty: no consent, so the profile has none
    friend: bool = True  # False: has not added the bot
    blocked: bool = False
    status_message: str = ""
    picture_url: str = ""


@dataclass(frozen=True)
class Group:
    """A group chat or, with an id that begins with R, a multi-person chat that the bot is in."""

    chat_id: str
    members: tuple[str, ...]  # user ids


@dataclass(frozen=True)
class Bot:
    """An Official Account with a Messaging API channel."""

    user_id: str
    name: str
    channel_secret: str
    access_token: str
    market: str = ""
    monthly_limit: int | None = None  # None: the plan has no limit
    friends: tuple[Friend, ...] = ()
    groups: tuple[Group, ...] = ()
    webhook: str = ""  # empty: none is set, events are lost as on the platform
    basic_id: str = "@simulated"
    chat_mode: str = "bot"  # chat, bot


@dataclass(frozen=True)
class SimulatorConfig:
    """Everything a simulator is started with."""

    bots: tuple[Bot, ...]
    reply_token_life_s: float = 60.0
    reply_token_horizon_s: float = 1200.0  # a redelivery later than this gives the token no new life
    clock_offset_s: float = 0.0
    redelivery: bool = False  # off by default, as in the console
    redelivery_pauses_s: tuple[float, ...] = (10.0, 30.0, 60.0, 300.0)  # the vendor does not publish them
    pause_scale: float = 1.0  # 0.01 makes every pause a hundredth, for tests
    webhook_timeout_s: float = 2.0
    video_preparing_s: float = 2.0  # how long a video is answered with 202
    seed: int = 1
    tunnels: Mapping[str, str] = field(default_factory=dict)  # https origin of a bot: where it really is, for pictures


def config_from(data: Mapping[str, Any]) -> SimulatorConfig:
    """The config that a mapping describes. Raises pydantic.ValidationError with the place of each fault."""
    return TypeAdapter(SimulatorConfig).validate_python(data)


def config_from_file(path: Path) -> SimulatorConfig:
    """The config in a YAML file, whose keys are the fields of SimulatorConfig."""
    return config_from(yaml.safe_load(path.read_text(encoding="utf-8")))
