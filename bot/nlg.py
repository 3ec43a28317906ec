"""Turns the names that actions speak in into words of the current release."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.resources import shared_holder
from knowledge.release import Release
from knowledge.release_holder import ReleaseHolder
from knowledge.replies import Button
from knowledge.said_parts import made_of
from knowledge.value_json import from_json
from knowledge.values import Value, Verbatim
from knowledge.words import Answer, Said
from languages.translation.translation_result import Translation
from languages.translation.translator import Translator
from markets.profile import MarketProfile

FAQ_PREFIX = "faq:"
LANGUAGE_PREFIX = "language:"
REPLY_PREFIXES = ("utter_", "label_")


class WordsGenerator(NaturalLanguageGenerator):  # type: ignore[misc]  # rasa ships no types
    """Rasa's way to words: every text is a reply or an answer of the release."""

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
        holder: ReleaseHolder | None = None,
        translator: Translator | None = None,
    ) -> None:
        """`translator`: for answers that are not in the customer's language yet; None: they stay as they are."""
        self._given = holder
        self._translator = translator

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        """{text, buttons, said}: the words of the reply or answer `utter_action`. Raises NotFound, MissingValue."""
        release = (self._given or shared_holder()).current()
        scene = _Scene(release, tracker.latest_message.metadata if tracker.latest_message else {})
        if utter_action.startswith(FAQ_PREFIX):
            return await scene.answer(utter_action.removeprefix(FAQ_PREFIX), self._translator)
        return scene.reply(utter_action, kwargs)


class _Scene:
    """One message being worded: the release, the market, the language, the customer's time zone."""

    def __init__(self, release: Release, metadata: Mapping[str, Any]) -> None:
        self._release = release
        self._words = release.words
        code = metadata.get("market") or next(iter(release.markets))
        self._market: MarketProfile = release.markets[code]
        self._language: str = metadata.get("language") or self._market.languages[0]
        self._time_zone: str | None = metadata.get("time_zone") or None

    async def answer(self, entry_id: str, translator: Translator | None) -> dict[str, Any]:
        """An approved answer, with its title as the source.

        In another language than the customer's it is translated and marked so, or stays as it is and says so.
        """
        answer = self._words.answer(self._release.entries[entry_id], self._market, self._language)
        source = {"id": entry_id, "title": answer.title}
        said: dict[str, Any] = {"language": answer.language, "release": self._release.id, "source": source}
        text = answer.text
        if answer.fallback:
            made = await self._translated(answer, translator)
            if made:
                said |= {"language": self._language, "translation": _marked(made)}
                return {"text": f"{self._note_of_translation()}\n{made.text}", "buttons": [], "said": said}
            text = f"{self._note_of_language(answer.language)}\n{text}"
        return {"text": text, "buttons": [], "said": said}

    async def _translated(self, answer: Answer, translator: Translator | None) -> Translation | None:
        if translator is None or not translator.available(answer.language, self._language):
            return None
        made = await translator.translate_async(answer.text, answer.language, self._language, self._market.code)
        return made if made.ok else None

    def _note_of_translation(self) -> str:
        return self._say("utter_answer_machine_translated", {}, self._language).text

    def _note_of_language(self, language: str) -> str:
        name = _language_name(language, self._market.locale_for(self._language))
        return self._say("utter_answer_in_other_language", {"answer_language": Verbatim(name)}, self._language).text

    def reply(self, name: str, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """A reply with its buttons, said in each of the languages asked for."""
        values = _values(kwargs.get("values") or {})
        then = [(part, _values(of_part)) for part, of_part in kwargs.get("then") or ()]
        languages: Sequence[str] = kwargs.get("languages") or [self._language]
        spoken = [self._say(name, values, language, then) for language in languages]
        choices = [self._choice(name, payload) for name, payload in kwargs.get("choices") or ()]
        # Of two that mean the same, the later one belongs to the question at the end.
        buttons = {button.payload: button.to_json() for button in (*spoken[0].buttons, *choices)}
        said: dict[str, Any] = {"language": spoken[0].language, "release": self._release.id, **made_of(spoken[0].parts)}
        if spoken[0].fallback:
            said["fallback_from"] = self._language
        return {"text": "\n".join(part.text for part in spoken), "buttons": list(buttons.values()), "said": said}

    def _say(self, name: str, values: Mapping[str, Value], language: str, then: Sequence[Any] = ()) -> Said:
        return self._words.say(
            name, values, market=self._market, language=language, time_zone=self._time_zone, then=then
        )

    def _choice(self, name: str, payload: str) -> Button:
        if name.startswith(FAQ_PREFIX):
            entry = self._release.entries[name.removeprefix(FAQ_PREFIX)]
            answer = self._words.answer(entry, self._market, self._language)
            return Button(answer.title, payload, answer.short)
        if name.startswith(LANGUAGE_PREFIX):
            code = name.removeprefix(LANGUAGE_PREFIX)
            return Button(_language_name(code, code), payload)
        if name.startswith(REPLY_PREFIXES):
            label = self._say(name, {}, self._language)
            return Button(label.text, payload, label.short)
        return Button(name, payload)


def _marked(made: Translation) -> dict[str, str]:
    return {"from": made.source, "original": made.original, "engine": made.engine}


def _values(data: Mapping[str, Any]) -> dict[str, Value]:
    return {name: from_json(value) for name, value in data.items()}


def _language_name(code: str, locale: str) -> str:
    inside = Locale.parse(locale, sep="-")
    name = inside.get_display_name() if code == locale else Locale.parse(code, sep="-").get_display_name(inside)
    text = name or code
    return text[:1].upper() + text[1:]
