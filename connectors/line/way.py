"""How a call is made now: on the free reply token while it is young, else as a push that counts. Pure."""

from connectors.channel import Task, Way
from connectors.line.errors import ErrorTable
from connectors.line.quota import Quota

FRESH_S = 50.0  # age up to which a reply token is tried
LIFE_S = 60.0  # LINE promises a minute
MARGIN_S = 3.0  # a repetition must reach LINE within the life, or its refusal proves nothing
KEY_LIFE_S = 24 * 3600.0 - 600.0  # LINE knows a retry key for 24 hours


def choose(task: Task, quota: Quota | None, reserve: int, now: float, errors: ErrorTable) -> Way:
    """The way. `quota` None: unknown, which stops nothing. Raises Hold, or Refused when nobody can know any more."""
    if task.uncertain is not None:
        return _repeat(task, now, errors)
    if task.token is not None and task.token.age_s < FRESH_S:
        token = task.token.token
        return Way("reply", "free", {"token": token, "until": now + LIFE_S - task.token.age_s}, token)
    check_quota(task, quota, reserve, errors)
    return _push(task, now)


def check_quota(task: Task, quota: Quota | None, reserve: int, errors: ErrorTable) -> None:
    """Nothing. Raises Hold when the month's pushes are used up, or the rest is kept for people."""
    left = quota.remaining if quota else None
    if left is None or quota is None:
        return
    figures = f"{quota.used} of {quota.limit} pushes of this month are used"
    if left == 0:
        raise errors.named("quota_used", figures)
    if not task.human and left <= reserve:
        raise errors.named("quota_kept", f"{figures}, {reserve} are kept")


def _repeat(task: Task, now: float, errors: ErrorTable) -> Way:
    """The same call again: nobody knows whether the last one was taken."""
    detail = task.uncertain or {}
    token = str(detail.get("token", ""))
    if not token:
        if now > float(detail.get("until", now)):
            raise errors.named("key_expired", "the outcome of a push was not found out within LINE's 24 hours")
        return Way("push", "push", {**_push(task, now).detail, **detail})
    until = _until(task, now)
    if until - now > MARGIN_S:
        return Way("reply", "free", {"token": token, "until": until}, token)
    # LINE gives no key for replies: whether the first one arrived can no longer be found out. A message that comes
    # twice is better than none, and `after` lets it be counted.
    push = _push(task, now)
    return Way(push.name, push.cost, {**push.detail, "after": "reply"})


def _until(task: Task, now: float) -> float:
    """When the token of the uncertain try ends, as far as it is known."""
    detail = task.uncertain or {}
    if task.token is not None and task.token.token == detail.get("token"):
        return now + LIFE_S - task.token.age_s
    return float(detail.get("until", now))


def _push(task: Task, now: float) -> Way:
    return Way("push", "push", {"key": task.key, "until": now + KEY_LIFE_S})
