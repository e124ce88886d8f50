"""Languages: which text search configuration reads a text, and how it is put before the database.

A configuration is one that the database has; ``simple``, which neither stems nor drops stop words,
reads other languages. What is no language at all (a list of names, a table) is read as English.
Scripts that put no space between words are cut into pairs of characters, so that a part of a
sentence is found in it.
"""

from __future__ import annotations

import re
from functools import cache

from django.db import connection
from py3langid.langid import MODEL_FILE, LanguageIdentifier

SIMPLE = "simple"
ENGLISH = "english"
# How sure one has to be of a language; names, numbers and formulas look like any.
SURE = 0.5
# What of a text tells its language.
GLANCE = 4_000
# A vector of lexemes has to stay below 1 MiB.
MOST = 200_000
CONFIGURATIONS = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nb": "norwegian",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# Languages that are told apart beside these, so that they are not taken for one of them. The model
# knows more, but they are too like a larger one and rare.
OTHERS = (
    *("af", "be", "bg", "bn", "bs", "cs", "cy", "eo", "fa", "fil", "gl", "gu", "he", "hr", "is"),
    *("ja", "ka", "kk", "km", "kn", "ko", "la", "lo", "lv", "mk", "ml", "mn", "mr", "ms", "mt"),
    *("my", "pa", "ps", "sk", "sl", "sq", "sw", "te", "th", "tl", "uk", "ur", "uz", "vi", "zh"),
)
# Thai, Lao, Burmese, Khmer; kana, Han; Hangul is written with spaces.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U000323af]+"
)
NUL_AND_SURROGATES = re.compile("[\x00\ud800-\udfff]")


def detect(text: str) -> str:
    """The text search configuration for ``text``."""
    language, certainty = _identifier().classify(NUL_AND_SURROGATES.sub(" ", text[:GLANCE]))
    if certainty < SURE:
        return ENGLISH
    configuration = CONFIGURATIONS.get(language, SIMPLE)
    return configuration if configuration in _installed() else SIMPLE


def searchable(text: str) -> str:
    """``text`` as the database's parser can take and split it."""
    text = NUL_AND_SURROGATES.sub(" ", text[:MOST])
    return UNSPACED.sub(_pairs, text)


def _pairs(run: re.Match[str]) -> str:
    letters = run[0]
    if len(letters) == 1:
        return f" {letters} "
    return " " + " ".join(letters[i : i + 2] for i in range(len(letters) - 1)) + " "


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = {*CONFIGURATIONS, *OTHERS}
    identifier.set_languages(sorted(known.intersection(identifier.nb_classes)))
    return identifier


@cache
def _installed() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config WHERE pg_ts_config_is_visible(oid)")
        return frozenset(name for (name,) in cursor.fetchall())
