"""Every action of the bot."""

from actions.base import BotAction
from actions.faq_answer import ActionFaqAnswer
from actions.handoff import ActionHandoff
from actions.language import ActionChangeLanguage
from actions.order_tasks import ActionCancelOrder, ActionChangeAddress, ActionOrderStatus, ActionStartReturn
from actions.problems import ActionComplaint, ActionMissingPart, ActionReportDamage, ActionSafety
from actions.rating import ActionRating
from actions.received import ActionReceived
from actions.services import Services
from actions.small_talk import (
    ActionAffirm,
    ActionBotChallenge,
    ActionDeny,
    ActionGoodbye,
    ActionGreet,
    ActionInform,
    ActionThanks,
)
from actions.unsure import ActionOutOfScope, ActionUnsure

ACTIONS: tuple[type[BotAction], ...] = (
    ActionAffirm,
    ActionBotChallenge,
    ActionCancelOrder,
    ActionChangeAddress,
    ActionChangeLanguage,
    ActionComplaint,
    ActionDeny,
    ActionFaqAnswer,
    ActionGoodbye,
    ActionGreet,
    ActionHandoff,
    ActionInform,
    ActionMissingPart,
    ActionOrderStatus,
    ActionOutOfScope,
    ActionRating,
    ActionReceived,
    ActionReportDamage,
    ActionSafety,
    ActionStartReturn,
    ActionThanks,
    ActionUnsure,
)


def all_actions(services: Services) -> list[BotAction]:
    """One of each, working with `services`."""
    return [action(services) for action in ACTIONS]
