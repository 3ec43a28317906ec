"""A glossary goes into a release as JSON and comes out the same."""

import json
from datetime import date
from pathlib import Path

from glossaries.glossary_json import from_data, to_data
from glossaries.load import load_glossary
from tests.glossaries.small_glossary import write_glossary


def test_a_glossary_comes_back_the_same(tmp_path: Path) -> None:
    glossary = load_glossary(write_glossary(tmp_path))
    back = from_data(json.loads(json.dumps(to_data(glossary))))
    assert back.concepts == glossary.concepts
    assert back.layers == glossary.layers
    assert back.terms == glossary.terms
    assert [term.origin for term in back.terms["languages/de"]] == [
        term.origin for term in glossary.terms["languages/de"]
    ]
    for market in glossary.markets:
        for language in glossary.languages:
            for day in (date(2026, 11, 22), date(2027, 1, 15)):
                assert back.terms_for(market, language, day) == glossary.terms_for(market, language, day)
