"""A glossary as plain JSON data, for the published release, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from glossaries.layers import Layers
from glossaries.model import Concept, Form, Origin, Status, Term
from glossaries.resolve import Glossary

_TEXTS = ("part_of_speech", "gender", "note", "reason", "replacement", "evidence", "author", "reviewer")


def to_data(glossary: Glossary) -> dict[str, Any]:
    """The glossary as dicts, lists, texts and numbers; what is empty is left out. Warnings are not kept."""
    layers = glossary.layers
    return {
        "concepts": [
            {"id": concept.id, "domain": concept.domain, "definition": concept.definition, "required": concept.required}
            for concept in glossary.concepts.values()
        ],
        "layers": {
            "brand": layers.brand,
            "languages": list(layers.languages),
            "locales": dict(layers.locales),
            "markets": {market: dict(locales) for market, locales in layers.markets.items()},
        },
        "terms": {layer: [_term_data(term) for term in terms] for layer, terms in glossary.terms.items()},
    }


def from_data(data: Mapping[str, Any]) -> Glossary:
    """The glossary that `to_data` was given. Raises KeyError or ValueError when the data is something else."""
    found = data["layers"]
    layers = Layers(found["brand"], tuple(found["languages"]), dict(found["locales"]), dict(found["markets"]))
    concepts = {
        item["id"]: Concept(item["id"], item["domain"], item["definition"], item["required"])
        for item in data["concepts"]
    }
    terms = {
        layer: tuple(_term(item, Origin(layer, f"{layer}.csv", item["line"])) for item in items)
        for layer, items in data["terms"].items()
    }
    return Glossary(concepts, layers, terms)


def _term_data(term: Term) -> dict[str, Any]:
    data: dict[str, Any] = {
        "line": term.origin.line,
        "concept": term.concept,
        "language": term.language,
        "term": term.text,
        "status": term.status.value,
    }
    data |= {name: text for name in _TEXTS if (text := getattr(term, name))}
    if term.forms:
        data["forms"] = [[form.text, sorted(form.features), form.confirmed] for form in term.forms]
    if term.case_sensitive:
        data["case_sensitive"] = True
    if term.compounds is not None:
        data["compounds"] = term.compounds
    if term.scope:
        data["scope"] = list(term.scope)
    if term.valid_from:
        data["valid_from"] = term.valid_from.isoformat()
    if term.valid_to:
        data["valid_to"] = term.valid_to.isoformat()
    return data


def _term(data: Mapping[str, Any], origin: Origin) -> Term:
    first, last = data.get("valid_from"), data.get("valid_to")
    return Term(
        concept=data["concept"],
        language=data["language"],
        text=data["term"],
        status=Status(data["status"]),
        forms=tuple(Form(text, frozenset(features), confirmed) for text, features, confirmed in data.get("forms", ())),
        case_sensitive=data.get("case_sensitive", False),
        compounds=data.get("compounds"),
        scope=tuple(data.get("scope", ())),
        valid_from=date.fromisoformat(first) if first else None,
        valid_to=date.fromisoformat(last) if last else None,
        origin=origin,
        **{name: data[name] for name in _TEXTS if name in data},
    )
