"""The `aftersail` command. Heavy parts are imported when a command needs them, so that help is instant."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from aftersail import handoff_commands
from aftersail.channels_commands import channels_app
from aftersail.database_commands import database_app
from aftersail.helpdesk_commands import helpdesks_app
from aftersail.languages_commands import languages as languages_app
from aftersail.outbox_commands import outbox_app
from aftersail.people_commands import people_app
from aftersail.promise_commands import promises
from aftersail.simulate import simulate_app
from aftersail.terms_commands import app as terms_app
from aftersail.translate_command import translate
from core.errors import AftersailError, ContentError
from core.logs import configure_logs
from core.settings import load_settings, quiet_libraries

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(terms_app, name="terms")
app.add_typer(languages_app, name="languages")
app.add_typer(channels_app, name="channels")
app.add_typer(outbox_app, name="outbox")
app.add_typer(database_app, name="database")
app.add_typer(helpdesks_app, name="helpdesks")
app.add_typer(simulate_app, name="simulate")
app.add_typer(people_app, name="people")
app.command()(translate)
app.command()(promises)
for command in handoff_commands.COMMANDS:
    app.command()(command)
console = Console(stderr=True, highlight=False)

Market = Annotated[str, typer.Option(help="Market that the messages come from, such as DE.")]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="Lines are JSON objects with `text` and optional fields.")]


@app.command()
def up() -> None:
    """Start web and worker together; Ctrl-C stops them."""
    from aftersail.start import start

    sys.exit(start(load_settings(), console))


@app.command()
def build() -> None:
    """Build the embedder and the demo orders; does nothing when they are there."""
    from aftersail.build import build_all

    build_all(load_settings(), console)


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even when nothing has changed.")] = False) -> None:
    """Train the dialogue model; does nothing when nothing has changed."""
    from aftersail.training import train_model

    train_model(load_settings(), console, force=force)


@app.command()
def publish(
    rollback: Annotated[bool, typer.Option(help="Go back to the release before.")] = False,
    author: Annotated[str, typer.Option(help="Who publishes.")] = "cli",
    note: Annotated[str, typer.Option(help="What has changed, in a few words.")] = "",
) -> None:
    """Check all content, make a release and let every running process use it."""
    from aftersail.publishing import publish_content, roll_back

    settings = load_settings()
    if rollback:
        roll_back(settings, console, author)
    else:
        publish_content(settings, console, author, note)


@app.command()
def prepare() -> None:
    """Build, train and publish whatever has changed; `make run` calls this before `up`."""
    from aftersail.build import build_all
    from aftersail.publishing import publish_content
    from aftersail.training import train_model

    settings = load_settings()
    console.print("[bold]▸ building[/bold] (1 of 3)")
    build_all(settings, console)
    console.print("[bold]▸ training[/bold] (2 of 3)")
    train_model(settings, console, force=False)
    console.print("[bold]▸ publishing[/bold] (3 of 3)")
    publish_content(settings, console, "prepare", "")


@app.command()
def doctor() -> None:
    """Check this installation and say how to mend what is wrong."""
    from aftersail.doctor import examine

    sys.exit(examine(load_settings(), console))


@app.command()
def detect(
    market: Market = "US",
    jsonl: Jsonl = False,
) -> None:
    """Decide the language of each line of standard input."""
    from aftersail.stream import detect_lines

    detect_lines(load_settings(), market, jsonl)


@app.command()
def parse(
    market: Market = "US",
    language: Annotated[str, typer.Option(help="Language of the messages; empty: decided.")] = "",
    jsonl: Jsonl = False,
) -> None:
    """Read intent, entities and FAQ hits of each line of standard input."""
    from aftersail.stream import parse_lines

    parse_lines(load_settings(), market, language, jsonl)


@app.command()
def ask(
    market: Market = "US",
    language: Annotated[str, typer.Option(help="Language that the customer has chosen.")] = "",
    channel: Annotated[str, typer.Option(help="Channel that the messages come on.")] = "webchat",
    new_each: Annotated[bool, typer.Option("--new-each", help="Each line is a conversation of its own.")] = False,
    jsonl: Jsonl = False,
) -> None:
    """Talk to the bot: each line of standard input is a message, through the whole path."""
    from aftersail.stream import ask_lines

    ask_lines(load_settings(), market, language, channel, new_each=new_each, jsonl=jsonl)


def main() -> None:
    """Run the command; what is wrong is told in words, without a traceback."""
    quiet_libraries()
    try:
        configure_logs(load_settings().log_level if "up" in sys.argv[1:2] else "WARNING")
        app()
    except ContentError as error:
        for fault in error.faults:
            console.print(str(fault), style="red", markup=False, soft_wrap=True)
        console.print(f"{len(error.faults)} fault(s). Nothing was changed.", style="bold red")
        sys.exit(1)
    except AftersailError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
