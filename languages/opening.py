"""Opens the identifier with the project's own data and detector."""

from collections.abc import Iterable
from pathlib import Path

from languages.catalogue import DATA, load_catalogue
from languages.detector import open_detector, open_second_opinion
from languages.identify import Identifier, IsTopic
from languages.lexicon import load_lexicon
from languages.request_data import load_requests


def open_identifier(
    names: Iterable[str] = (), folder: Path = DATA, is_topic: IsTopic = lambda text, language: False
) -> Identifier:
    """The identifier for this process; opens in about 2 s and holds about 300 MB, so open it once.

    `names` are brand and product names, which say nothing about a language; `is_topic` tells whether a text is no
    more than a topic's name in a language. Raises ContentError when the data in
    `folder` has mistakes, SetupError when the detector does not fit it.
    """
    catalogue = load_catalogue(folder)
    return Identifier(
        catalogue,
        load_lexicon(folder),
        load_requests(folder),
        open_detector(catalogue),
        open_second_opinion(catalogue),
        names,
        is_topic,
    )
