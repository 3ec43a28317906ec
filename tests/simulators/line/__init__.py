"""A simulator of the LINE Messaging API, written from the vendor's documentation and knowing nothing of the product."""

from tests.simulators.common.faults import Fault, Faults
from tests.simulators.line.act import Act, ImpossibleError
from tests.simulators.line.app import create_app
from tests.simulators.line.config import Bot, Friend, Group, SimulatorConfig, config_from, config_from_file
from tests.simulators.line.delivery import Attempt
from tests.simulators.line.simulator import LineSimulator
from tests.simulators.line.state import Entry, QuickReply

__all__ = [
    "Act",
    "Attempt",
    "Bot",
    "Entry",
    "Fault",
    "Faults",
    "Friend",
    "Group",
    "ImpossibleError",
    "LineSimulator",
    "QuickReply",
    "SimulatorConfig",
    "config_from",
    "config_from_file",
    "create_app",
]
