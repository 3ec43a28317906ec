"""What is wrong with a page's markup."""

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
NO_TWINS = {"a": "a button", "button": "a button input select textarea", "form": "form", "label": "label"}
PARAGRAPH_ENDS = frozenset(
    [
        "address",
        "article",
        "aside",
        "div",
        "dl",
        "fieldset",
        "form",
        "h1",
        "h2",
        "h3",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "section",
        "table",
        "ul",
    ]
)
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "popovertarget")


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.wanted: list[tuple[str, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check_attributes(tag, attrs)
        self._check_place(tag)
        if tag not in VOID and "svg" not in self._open:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check_attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if "svg" in self._open and tag != "svg":
            return
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> closes {self._open[-1:]}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def _check_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = Counter(name for name, _ in attrs)
        where = f"line {self.getpos()[0]}: <{tag}>"
        self.faults += [f"{where} has {name} twice" for name, count in names.items() if count > 1]
        self.faults += [f"{where} has {name}" for name in names if name.startswith("on") or name == "style"]
        for name, value in attrs:
            if name == "id":
                self.ids[value or ""] += 1
            elif name in REFERENCES and tag != "dialog":  # what a dialog is called may come with what it shows
                self.wanted += [(f"{where} {name}", wanted) for wanted in (value or "").split()]

    def _check_place(self, tag: str) -> None:
        for outer, inner in NO_TWINS.items():
            if outer in self._open and tag in inner.split():
                self.faults.append(f"line {self.getpos()[0]}: <{tag}> in <{outer}>")
        if self._open and self._open[-1] == "p" and tag in PARAGRAPH_ENDS:
            self.faults.append(f"line {self.getpos()[0]}: <{tag}> in <p>")


def markup_faults(html: str, *, is_part: bool = False) -> list[str]:
    """Tags that do not match, ids that are there twice or not at all, handlers and styles in attributes; [] is good.

    `is_part`: of a page, whose references may lead out of it.
    """
    checker = _Checker()
    checker.feed(html)
    checker.close()
    faults = [*checker.faults, *(f"<{tag}> stays open" for tag in checker._open)]
    faults += [f"the id {one!r} is there {count} times" for one, count in checker.ids.items() if count > 1]
    if not is_part:
        faults += [f"{where} leads to no id {one!r}" for where, one in checker.wanted if one not in checker.ids]
    return faults
