"""Why a call to a vendor did not end well: each class says what the sender does next."""

from core.errors import AftersailError


class DeliveryError(AftersailError):
    """Base. `code`: the vendor's code or ours; `remedy`: what a person can do, one sentence."""

    def __init__(self, code: str, reason: str, remedy: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(f"{code}: {reason}" + (f" ({remedy})" if remedy else ""))
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.retry_after_s = retry_after_s  # seconds that the vendor asked to wait; None: it did not


class TryAgain(DeliveryError):
    """It was not taken and may be taken later: wait, then make the same call."""


class TryRecipientLater(TryAgain):
    """Too much for this one person: only their messages wait."""


class TokenSpent(DeliveryError):
    """The reply token is used or too old, so nothing was taken: make the call another way at once."""


class Refused(DeliveryError):
    """It will never be taken as it is: put it on the dead letter list and tell a person."""


class Uncertain(DeliveryError):
    """It may have been taken: find out, or repeat it only where the vendor knows our key."""


class AccountDown(DeliveryError):
    """Nothing of this account can be sent until a person mends it: keep everything, tell the operator."""


class Hold(DeliveryError):
    """It may not be sent now (window closed, quota used up): keep it, tell a person why."""
