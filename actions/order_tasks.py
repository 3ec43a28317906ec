"""The tasks that are about one order of the customer: first the order is found and proved, then the task is done."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from actions.base import BotAction
from actions.order_access import order_for
from actions.order_changes import cancel, change_address, start_return
from actions.order_status import show_status
from actions.outcome import Outcome, say
from actions.problems import report
from actions.services import Services
from actions.turn import Turn
from core.errors import OrderSourceDown
from orders.model import Order

TASKS: Mapping[str, Callable[[Turn, Order], Outcome]] = {
    "order_status": show_status,
    "cancel_order": cancel,
    "change_address": change_address,
    "start_return": start_return,
}


async def run_task(turn: Turn, services: Services, task: str) -> Outcome:
    """The task done, or the question for what is missing."""
    if task not in TASKS:
        return report(turn, task)
    try:
        access = await order_for(turn, services, task)
    except OrderSourceDown:
        return Outcome([say("utter_order_system_down")], {"offered": "person"})
    outcome = TASKS[task](turn, access.order) if access.order else access.outcome
    return Outcome(outcome.says, {**access.slots, **outcome.slots}, outcome.wishes)


async def resume(turn: Turn, services: Services) -> Outcome:
    """Goes on with what the customer wanted before; an order's status when nothing was pending."""
    return await run_task(turn, services, turn.slot("task") or "order_status")


class OrderTask(BotAction):
    """An action that is one of TASKS."""

    task: ClassVar[str]

    async def act(self, turn: Turn) -> Outcome:
        """The task done, or the question for what is missing."""
        return await run_task(turn, self.services, self.task)


class ActionOrderStatus(OrderTask):
    """Where is my order?"""

    action_name = "action_order_status"
    task = "order_status"


class ActionCancelOrder(OrderTask):
    """Cancel my order."""

    action_name = "action_cancel_order"
    task = "cancel_order"


class ActionChangeAddress(OrderTask):
    """Send it to another address."""

    action_name = "action_change_address"
    task = "change_address"


class ActionStartReturn(OrderTask):
    """I want to send it back."""

    action_name = "action_start_return"
    task = "start_return"
