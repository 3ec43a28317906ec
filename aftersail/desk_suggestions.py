"""The search for suggested answers, loaded in the web process when somebody first asks for it."""

from core.settings import Settings
from desk.writing.suggester import Parts, Suggester
from knowledge.embedder import open_embedder
from knowledge.release_holder import ReleaseHolder


def open_suggester(settings: Settings, holder: ReleaseHolder, wanted: bool) -> Suggester:
    """The search in the releases of `holder`; nothing is loaded yet. `wanted` False: it is switched off."""

    def open_parts() -> Parts:
        embedder = open_embedder(settings)
        return Parts(embedder, holder.searching(embedder.fingerprint))

    return Suggester(open_parts if wanted else None)
