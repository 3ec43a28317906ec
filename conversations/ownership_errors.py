"""Why a conversation cannot change hands: each class says what to do instead."""

from core.errors import AftersailError


class OwnershipError(AftersailError):
    """What was wished cannot happen now; nothing has changed."""


class NotYours(OwnershipError):
    """The conversation belongs to the bot, the queue or somebody else: take it first, or leave it to them."""


class AlreadyTaken(OwnershipError):
    """Another agent was quicker: leave it to them, or ask a lead to assign it."""


class PersonOwns(OwnershipError):
    """A person has the conversation: drop the bot's words, what the customer wrote is theirs."""


class Closed(OwnershipError):
    """The conversation has ended: the customer's next message opens a new one."""


class NoAgent(OwnershipError):
    """Only a person can have a conversation: give a name of at most 58 characters."""


class NotClosed(OwnershipError):
    """The conversation goes on: write there."""


class CustomerWrote(OwnershipError):
    """There is a message that you have not seen: read it, then decide again."""


class StillWaiting(OwnershipError):
    """The customer waits for an answer: answer first."""


class Overtaken(OwnershipError):
    """Others change the conversation again and again: look at it once more and decide anew."""
