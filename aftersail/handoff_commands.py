"""Commands for conversations that people have, until the desk is there."""

from typing import Annotated

import typer
from rich.console import Console

from core.settings import load_settings

console = Console(stderr=True, highlight=False)

HandoffId = Annotated[str, typer.Argument(help="Id from `aftersail handoffs`.")]
Agent = Annotated[str, typer.Option("--as", help="Your name; empty: the operator, who may decide over all.")]
Seen = Annotated[
    int, typer.Option(help="`last_seq` that you have read up to: refused when the customer wrote since. -1: all.")
]
Why = Annotated[str, typer.Option(help="Why, in a few words.")]
Outcome = Annotated[str, typer.Option(help="What became of it: done or declined.")]
Order = Annotated[str, typer.Option(help="Order that it was about; empty: the last one that was written.")]
Note = Annotated[str, typer.Option(help="What was agreed.")]


def handoffs(
    handoff: Annotated[str, typer.Argument(help="Show this one whole, with its conversation.")] = "",
    include_resolved: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
) -> None:
    """List the conversations that people have: who waits first, the nearest promise first."""
    from aftersail.handoffs import show_handoff, show_handoffs

    if handoff:
        show_handoff(load_settings(), handoff)
    else:
        show_handoffs(load_settings(), console, include_resolved)


def take(
    handoff: Annotated[str, typer.Argument(help="Id from `aftersail handoffs`, or a conversation that the bot has.")],
    agent: Annotated[str, typer.Option("--as", help="Your name.")] = "cli",
    lead: Annotated[bool, typer.Option("--lead", help="Take it although another agent has it.")] = False,
) -> None:
    """Make a conversation yours: the bot is silent, and nobody else answers."""
    from aftersail.handoffs import take_over

    take_over(load_settings(), console, handoff, agent, lead=lead)


def release(handoff: HandoffId, agent: Agent = "", why: Why = "") -> None:
    """Put a conversation back into the queue, with a new promise."""
    from aftersail.handoffs import Who, put_back

    put_back(load_settings(), console, handoff, Who(agent, why))


def escalate(handoff: HandoffId, agent: Agent = "", why: Why = "") -> None:
    """Put a conversation into the queue for a lead."""
    from aftersail.handoffs import Who, ask_a_lead

    ask_a_lead(load_settings(), console, handoff, Who(agent, why))


def resume(
    handoff: HandoffId,
    agent: Agent = "",
    outcome: Outcome = "",
    order: Order = "",
    proven: Annotated[bool, typer.Option("--proven", help="You have seen that the order is the customer's.")] = False,
    language: Annotated[str, typer.Option(help="Language that the customer wants from now on.")] = "",
    note: Note = "",
    seen: Seen = -1,
) -> None:
    """Hand a conversation back to the bot, which learns what was settled."""
    from aftersail.handoffs import Who, hand_back_to_bot
    from conversations.hand_back import Settled

    settled = Settled(outcome, order, proven, language, note)
    hand_back_to_bot(load_settings(), console, handoff, Who(agent, seen=None if seen < 0 else seen), settled)


def close(handoff: HandoffId, agent: Agent = "", why: Why = "", seen: Seen = -1) -> None:
    """End a conversation: the customer's next message opens a new one."""
    from aftersail.handoffs import Who, close_conversation

    close_conversation(load_settings(), console, handoff, Who(agent, why, None if seen < 0 else seen))


def reply(
    handoff: HandoffId,
    text: Annotated[str, typer.Argument(help="What the customer is to read.")],
    language: Annotated[str, typer.Option(help="Language that you write in; empty: the customer's.")] = "",
    agent: Annotated[str, typer.Option("--as", help="Your name.")] = "cli",
    override: Annotated[str, typer.Option(help="Why the text leaves although the gate has found something.")] = "",
    untranslated: Annotated[
        bool, typer.Option("--untranslated", help="Send it in your language, marked so, when it cannot be translated.")
    ] = False,
) -> None:
    """Answer a customer who waits for a person: translated, and checked against the market's glossary."""
    from aftersail.agent_reply import AgentText, reply_to_handoff

    written = AgentText(text, agent, language, override, untranslated)
    reply_to_handoff(load_settings(), console, handoff, written)


COMMANDS = (handoffs, take, reply, release, escalate, resume, close)
