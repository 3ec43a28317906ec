"""What people see and change of themselves: name, languages, presence, password, sessions."""

from collections.abc import Sequence

from starlette.responses import Response

from core.database import reading
from core.errors import NotFound
from desk.agents import AWAY, HERE
from desk.audit import audit
from desk.errors import InvalidForm
from desk.people import choices
from desk.people.accounts import agent_by_id, change_profile, set_password
from desk.people.context import Context, by_viewer, try_of
from desk.people.errors import AllRefused, Refused, read_all
from desk.people.forms import read_display_name, read_interface, read_languages, read_time_zone
from desk.people.link_pages import read_new_password
from desk.people.passwords import LEAST, MOST
from desk.people.sessions import ID_LENGTH, end_own_session, sessions_of
from desk.people.sign_in import check_own_password
from desk.people.typed import stored_values, typed_values
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.routing import Page

PROFILE = "/desk/profile"


class ProfilePages:
    """Handlers."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def pages(self) -> list[Page]:
        """Their addresses."""
        return [
            Page("/profile", self.show),
            Page("/profile", self.change, Right.SIGNED_IN, "POST"),
            Page("/profile/password", self.change_password, Right.SIGNED_IN, "POST"),
            Page("/profile/sessions/end", self.end_session, Right.SIGNED_IN, "POST"),
            Page("/presence", self.show_presence),
            Page("/presence", self.presence, Right.SIGNED_IN, "POST"),
        ]

    def show(self, ask: Ask) -> Response:
        """The profile."""
        return self._page(ask)

    def change(self, ask: Ask) -> Response:
        """Their own few fields; whatever else was sent is not read."""
        try:
            values = read_all(
                {
                    "display_name": lambda: read_display_name(ask),
                    "languages": lambda: list(read_languages(ask)),
                    "interface": lambda: read_interface(ask),
                    "time_zone": lambda: read_time_zone(ask),
                }
            )
        except InvalidForm as error:
            return self._page(ask, error)
        with ask.deps.engine.begin() as connection:
            change_profile(connection, agent_by_id(connection, ask.viewer.id), values, by_viewer(ask))
        return ask.go(f"{PROFILE}?done=saved")

    def change_password(self, ask: Ask) -> Response:
        """Needs the present one; the other sessions end."""
        try:
            self._check_present(ask)
            password_hash = self._context.passwords.hash(read_new_password(ask, ask.viewer.name))
        except InvalidForm as error:
            return self._page(ask, error)
        with ask.deps.engine.begin() as connection:
            set_password(connection, agent_by_id(connection, ask.viewer.id), password_hash, by_viewer(ask))
        return ask.go(f"{PROFILE}?done=password")

    def end_session(self, ask: Ask) -> Response:
        """One of their own sessions ends. Raises NotFound for any other."""
        with ask.deps.engine.begin() as connection:
            if not end_own_session(connection, ask.viewer, ask.field("session", ID_LENGTH), ask.now):
                raise NotFound("there is no such session of yours")
            audit(connection, ask.viewer.owner, "session_ended", target=ask.viewer.owner, now=ask.now)
        return ask.go(f"{PROFILE}?done=session")

    def show_presence(self, ask: Ask) -> Response:
        """{"presence": here or away}. An open page asks from time to time, which also says that they are there."""
        with reading(ask.deps.engine) as connection:
            return ask.json({"presence": agent_by_id(connection, ask.viewer.id).presence})

    def presence(self, ask: Ask) -> Response:
        """Here: takes new conversations; away: does not."""
        presence = ask.field("presence", 8)
        if presence not in (HERE, AWAY):
            raise InvalidForm("presence")
        with ask.deps.engine.begin() as connection:
            agent = agent_by_id(connection, ask.viewer.id)
            change_profile(connection, agent, {"presence": presence}, by_viewer(ask))
        if ask.is_partial or "application/json" in ask.request.headers.get("accept", ""):
            return ask.json({"presence": presence})
        return ask.go(f"{PROFILE}?done=saved")

    def _check_present(self, ask: Ask) -> None:
        """Raises Refused."""
        present = ask.form.get("present", "")[: MOST + 1]
        tried = try_of(ask, ask.viewer.name)
        guard = self._context.guard(ask.deps)
        if not check_own_password(ask.deps.engine, self._context.passwords, guard, tried, present, ask.viewer.id):
            raise Refused("present", "password_wrong")

    def _page(self, ask: Ask, error: InvalidForm | None = None) -> Response:
        with reading(ask.deps.engine) as connection:
            agent = agent_by_id(connection, ask.viewer.id)
            sessions = sessions_of(connection, ask.viewer, ask.now)
        done = ask.query.get("done", "")
        return ask.page(
            "people/profile.html",
            status=error.status if error else 200,
            me=agent,
            values=typed_values(ask, ()) if "display_name" in ask.form else stored_values(agent),
            sessions=sessions,
            faults=faults_of(ask, error),
            done=done if done in ("saved", "password", "session") else "",
            offered=offered(ask),
            least=LEAST,
            most=MOST,
        )


class Faults(dict[str, str]):
    """What is wrong, by field; empty for a field that is right."""

    def __missing__(self, field: str) -> str:
        return ""


def faults_of(ask: Ask, error: InvalidForm | None) -> Faults:
    """What is wrong, in the viewer's language."""
    if error is None:
        return Faults()
    return Faults({fault.field: _in_words(ask, fault) for fault in _each(error)})


def _each(error: InvalidForm) -> Sequence[InvalidForm]:
    return error.faults if isinstance(error, AllRefused) else (error,)


def _in_words(ask: Ask, fault: InvalidForm) -> str:
    if isinstance(fault, Refused):
        return ask.words(f"people.refused.{fault.key}", **fault.values)
    return ask.words("people.refused.field")


def offered(ask: Ask) -> dict[str, object]:
    """What the forms let people choose from."""
    return {
        "languages": choices.content_languages(),
        "interfaces": choices.interface_languages(),
        "time_zones": choices.time_zones(),
        "most_languages": choices.MOST_LANGUAGES,
    }
