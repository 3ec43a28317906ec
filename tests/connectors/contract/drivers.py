"""The driver of each channel. A new one adds a class and a line here; every test of this folder runs on it then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import httpx

from connectors.channel import Channel
from connectors.line.account import LineAccount
from connectors.line.client import LineChannel
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.channel import WhatsAppChannel
from connectors.whatsapp.templates import Registry
from tests.connectors.contract.driver import Driver
from tests.connectors.contract.line_driver import LineDriver
from tests.connectors.contract.webchat_driver import WebchatDriver
from tests.connectors.contract.whatsapp_driver import WhatsAppDriver
from tests.simulators.common.delivery import RetryPlan
from tests.simulators.line.demo import demo_config as line_demo
from tests.simulators.line.simulator import LineSimulator
from tests.simulators.whatsapp.config import Speeds
from tests.simulators.whatsapp.demo import demo_config as whatsapp_demo
from tests.simulators.whatsapp.simulator import WhatsAppSimulator
from tests.support.channel_office import Office


class Vendors:
    """Both simulators, with what opens our side of them."""

    def __init__(self) -> None:
        speeds = Speeds(sent_s=0.0, delivered_s=0.01, read_s=0.02)
        # What our web part refused or was not there for comes again soon, not in the middle of a later test.
        self.whatsapp = WhatsAppSimulator(whatsapp_demo(speeds=speeds, retries=RetryPlan(scale=0.01)))
        self.line = LineSimulator(replace(line_demo(), pause_scale=0.01))

    def open_channels(self, client: httpx.AsyncClient) -> Mapping[str, Channel]:
        """Our channels by name, over the client."""
        config = self.whatsapp.config
        number = config.numbers[0]
        whatsapp = WhatsAppAccount.model_validate(
            {
                "name": "orikka-de",
                "market": "DE",
                "phone_number_id": number.phone_number_id,
                "business_account_id": number.business_account_id,
                "access_token": config.access_token,
                "app_secret": config.app_secret,
                "verify_token": config.verify_token,
                "api_url": self.whatsapp.api_url,
            }
        )
        bot = self.line.bot()
        line = LineAccount.model_validate(
            {
                "name": "line-jp",
                "market": "JP",
                "bot_user_id": bot.user_id,
                "channel_secret": bot.channel_secret,
                "access_token": bot.access_token,
                "api_url": self.line.url,
            }
        )
        opened: Sequence[Channel] = (
            WhatsAppChannel([whatsapp], client, Registry, lambda market, language: f"{language}-{market}"),
            LineChannel(client, [line]),
        )
        return {channel.name: channel for channel in opened}

    def settle(self) -> None:
        """Return when both have delivered all that they have to tell. Raises TimeoutError."""
        self.whatsapp.settle()
        self.line.settle()

    def drivers(self, office: Office) -> Sequence[Driver]:
        """A driver of every channel."""
        self.whatsapp.set_webhook(f"{office.url}/webhooks/whatsapp")
        self.line.set_webhook(f"{office.url}/webhooks/line")
        return (WebchatDriver(office), WhatsAppDriver(office, self.whatsapp), LineDriver(office, self.line))


CHANNELS = ("webchat", "whatsapp", "line")
