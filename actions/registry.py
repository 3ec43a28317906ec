"""Every action of the bot."""

from actions.base import BotAction
from actions.faq_answer import ActionDidYouMean, ActionFaqAnswer
from actions.handoff import ActionHandoff
from actions.language import ActionAskLanguage, ActionChangeLanguage
from actions.order_tasks import ActionCancelOrder, ActionChangeAddress, ActionOrderStatus, ActionStartReturn
from actions.problems import ActionComplaint, ActionMissingPart, ActionReportDamage, ActionSafety
from actions.services import Services
from actions.small_talk import ActionAffirm, ActionDeny, ActionInform
from actions.unsure import ActionNoneOfThese, ActionOutOfScope, ActionUnsure

ACTIONS: tuple[type[BotAction], ...] = (
    ActionAffirm,
    ActionAskLanguage,
    ActionCancelOrder,
    ActionChangeAddress,
    ActionChangeLanguage,
    ActionComplaint,
    ActionDeny,
    ActionDidYouMean,
    ActionFaqAnswer,
    ActionHandoff,
    ActionInform,
    ActionMissingPart,
    ActionNoneOfThese,
    ActionOrderStatus,
    ActionOutOfScope,
    ActionReportDamage,
    ActionSafety,
    ActionStartReturn,
    ActionUnsure,
)


def all_actions(services: Services) -> list[BotAction]:
    """One of each, working with `services`."""
    return [action(services) for action in ACTIONS]
