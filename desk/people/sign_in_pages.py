"""Signing in and out."""

from starlette.responses import Response

from desk.audit import audit
from desk.errors import TooOften
from desk.people.context import Context, browser_of, try_of
from desk.people.cookies import (
    DEVICE_COOKIE,
    DEVICE_S,
    MAX_NEXT,
    drop_cookie,
    home_of,
    safe_next,
    set_cookie,
    set_session,
)
from desk.people.guard import device_proof
from desk.people.passwords import MOST
from desk.people.sessions import end_session, end_sessions
from desk.people.sign_in import SignedIn, sign_in
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.render import When
from desk.web.routing import COOKIE, Page

MAX_NAME = 100


class SignInPages:
    """Handlers of signing in and out."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def pages(self) -> list[Page]:
        """Their addresses."""
        return [
            Page("/sign-in", self.form, None),
            Page("/sign-in", self.sign_in, None, "POST"),
            Page("/sign-out", self.sign_out, Right.SIGNED_IN, "POST"),
            Page("/sign-out/everywhere", self.sign_out_everywhere, Right.SIGNED_IN, "POST"),
        ]

    def form(self, ask: Ask) -> Response:
        """Name and password; to whoever had a session here, that it has ended."""
        wanted = safe_next(ask.query.get("next", "")[: MAX_NEXT + 1])
        if ask.viewer.id:
            return ask.go(wanted or home_of(ask.viewer.role))
        return self.show(ask, wanted)

    def sign_in(self, ask: Ask) -> Response:
        """The page that was wanted, or the form again with the reason. Its text and time tell nothing of names."""
        name = ask.form.get("name", "").strip().lower()[:MAX_NAME]
        password = ask.form.get("password", "")[: MOST + 1]
        wanted = safe_next(ask.form.get("next", ""))
        tried = try_of(ask, name)
        guard = self._context.guard(ask.deps)
        try:
            done = sign_in(ask.deps.engine, self._context.passwords, guard, tried, password, browser_of(ask), ask.now)
        except TooOften as error:
            wait = ask.words("people.sign_in.wait", time=_wait(ask, error.seconds))
            return self.show(ask, wanted, name, wait, 429, {"retry-after": str(round(error.seconds))})
        if done is None:
            return self.show(ask, wanted, name, ask.words("people.sign_in.wrong"), 401)
        return welcome(ask, done, wanted)

    def show(
        self,
        ask: Ask,
        wanted: str,
        name: str = "",
        problem: str = "",
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The form."""
        return ask.page(
            "people/sign_in.html",
            status=status,
            headers=headers or {},
            next=wanted,
            name=name,
            problem=problem,
            ended=not problem and bool(ask.request.cookies.get(COOKIE)),
            openid=self._context.provider(ask.deps) is not None,
        )

    def sign_out(self, ask: Ask) -> Response:
        """This session ends."""
        with ask.deps.engine.begin() as connection:
            end_session(connection, ask.viewer.session, ask.now)
            audit(connection, ask.viewer.owner, "sign_out", target=ask.viewer.owner, now=ask.now)
        return self._gone(ask)

    def sign_out_everywhere(self, ask: Ask) -> Response:
        """All sessions of the viewer end, this one too."""
        with ask.deps.engine.begin() as connection:
            ended = end_sessions(connection, ask.viewer.id, ask.now)
            details = {"sessions_ended": ended}
            audit(connection, ask.viewer.owner, "sign_out", target=ask.viewer.owner, details=details, now=ask.now)
        return self._gone(ask)

    def _gone(self, ask: Ask) -> Response:
        answer = ask.go("/desk/sign-in")
        drop_cookie(answer, ask.request, ask.deps.settings, COOKIE)
        return answer


def welcome(ask: Ask, done: SignedIn, wanted: str) -> Response:
    """To the page that was wanted, with the new session."""
    answer = ask.go(wanted or home_of(done.agent.role))
    settings = ask.deps.settings
    set_session(answer, ask.request, settings, done.token)
    proof = device_proof(settings, done.agent.name)
    set_cookie(answer, ask.request, settings, DEVICE_COOKIE, proof, DEVICE_S)
    return answer


def _wait(ask: Ask, seconds: float) -> str:
    return When(ask.viewer.time_zone, ask.words.language, ask.now).left(ask.now + seconds)
