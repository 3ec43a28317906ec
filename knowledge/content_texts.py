"""Every text of the content, for what counts words."""

from collections.abc import Iterator

from knowledge.content import Content


def texts_of(content: Content) -> Iterator[tuple[str, str]]:
    """(text, language) of everything in the entries, the glossary and the topics' names."""
    for entry in content.entries:
        for text in entry.texts.values():
            answers = (text.answer, *(variant.answer for variant in text.variants))
            yield from ((line, text.language) for line in (text.title, text.short, *text.questions, *answers))
    for rows in content.glossary.terms.values():
        for term in rows:
            yield from ((form, term.language) for form in (term.text, *(form.text for form in term.forms)))
    yield from content.topics.texts()
