"""Kinds of text: what a browser or a shell would run is no plain text."""

import re

PLAIN = "text/plain"
_BEGINNINGS = (("%PDF-", "application/pdf"), ("{\\rtf", "application/rtf"), ("%!PS", "application/postscript"))
_SVG = re.compile(r"<(?:\w{1,40}:)?svg[\s>/]", re.IGNORECASE)
# What browsers look for at the beginning, and what makes a page dangerous anywhere.
_HTML_BEGINS = re.compile(
    r"<!--|<(?:!doctype html|html|head|body|title|meta|link|style|script|iframe|table|div|font|img|form|h1|br|p|a|b)"
    r"(?=[\s>/]|$)",
    re.IGNORECASE,
)
_HTML_ANYWHERE = re.compile(r"<(?:html|script|iframe|object|embed|base|frameset)[\s>/]", re.IGNORECASE)
_XML = re.compile(r"<\?xml|<!doctype|<!entity|<\w{1,40}\s+xmlns", re.IGNORECASE)
_SHELL = re.compile(r"#!|<\?php|<%|@echo\b|powershell\b|\[internetshortcut\]|windows registry editor", re.IGNORECASE)
_SCRIPT = re.compile(
    r"""(?>(?>/\*.*?\*/)|//[^\n]*\n|\s)*+(?:
        ['"]use\ strict['"]
        | (?:export\s+(?:default\s+)?|async\s+|[!+;(]\s*)*(?:function\b\s*\*?\s*\w*\s*\(|class\s+\w+\s*(?:extends|\{))
        | \(\s*(?:async\s*)?\([\w\s,]*\)\s*=>
        | (?:var|let|const)\s+[\w$]+\s*(?:=|;|,) | (?:var|let|const)\s*[\[{][^\n]{0,200}=
        | import\s*(?:['"({*]|[\w$]+\s+from\s)
        | (?:document|window|self|globalThis|module|console|WScript)\s*\.\s*\w+
        | (?:eval|alert|setTimeout|require|atob)\s*\(
        | (?:Dim\s+\w+|Option\s+Explicit|Set\s+\w+\s*=\s*CreateObject)
    )""",
    re.DOTALL | re.VERBOSE,
)


def text_mime(text: str) -> str:
    """The media type of a text by its beginning: PLAIN, or the kind of document or program that it is."""
    text = text.lstrip("\ufeff")
    for beginning, mime in _BEGINNINGS:
        if text.startswith(beginning):
            return mime
    begins = text.lstrip()
    if _SVG.search(text):
        return "image/svg+xml"
    if _HTML_BEGINS.match(begins) or _HTML_ANYWHERE.search(text):
        return "text/html"
    if _XML.match(begins):
        return "text/xml"
    if _SHELL.match(begins):
        return "text/x-script"
    return "text/javascript" if _SCRIPT.match(begins) else PLAIN
