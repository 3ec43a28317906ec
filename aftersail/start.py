"""What `aftersail up` prints and starts."""

from rich.console import Console

from aftersail.first_admin import NAME, desk_address, first_admin_link
from aftersail.supervisor import Supervisor, check_port
from core import release_pointer
from core.database import migrate, open_engine
from core.errors import SetupError
from core.settings import Settings
from desk.people.openid import OpenIdProvider


def start(settings: Settings, console: Console) -> int:
    """Exit status of the supervisor. Raises SetupError when something was not built or is set wrongly."""
    check_port(settings)
    OpenIdProvider.is_configured(settings)  # half a configuration is refused here, not at somebody's sign-in
    engine = open_engine(settings)
    migrate(engine)
    if release_pointer.current(engine) is None:
        raise SetupError("No content is published yet; run `aftersail publish` (or `make run`, which does it).")
    address = f"http://{settings.host}:{settings.port}"
    console.print("[bold]Aftersail[/bold] is starting; the bot answers after a few seconds.")
    console.print(f"  demo shops   {address}/")
    console.print(f"  for example  {address}/shop/DE  ·  {address}/shop/JP  ·  {address}/shop/SA")
    console.print(f"  health       {address}/readyz  ·  {address}/metrics")
    console.print(f"  agent desk   {address}/desk/")
    if link := first_admin_link(engine):
        # Not through the log: whoever reads the link first is the administrator.
        console.print(f"  first sign-in as {NAME}, once and within 24 hours:")
        console.print(f"    {desk_address(settings)}{link}", soft_wrap=True, markup=False)
    console.print("  stop         Ctrl-C")
    return Supervisor(settings, engine, console.print).run()
