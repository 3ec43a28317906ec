"""What strangers wrote, printed to an operator's terminal."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from aftersail.outbox_commands import shown


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("hello", "hello"),
        ("\x1b]0;owned\x07\x1b[2Jhi", "\ufffd]0;owned\ufffd\ufffd[2Jhi"),
        ("\x9b31mred", "\ufffd31mred"),
        ("[/b] [link=http://x]y[/link]", "[/b] [link=http://x]y[/link]"),
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("\u2067ab\u2069", "ab"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("👩\u200d👧 می\u200cخواهم สวัสดี", "👩\u200d👧 می\u200cخواهم สวัสดี"),
    ],
)
def test_text_commands_no_terminal(text: str, printed: str) -> None:
    screen = io.StringIO()
    table = Table("text")
    table.add_row(shown(text))
    Console(file=screen, width=200, force_terminal=True).print(table)
    assert shown(text).plain == printed
    assert printed in screen.getvalue()
