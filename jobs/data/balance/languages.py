"""The language of a text: by its script, or by its smallest words. No model is loaded, and a short text has none.

The method is old (Grefenstette, "Comparing two language identification schemes", 1995): of running text in a European
language a third is made up of a few dozen words, and they differ between languages. py3langid knows more languages, but
takes a second to load.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

_SMALL: Mapping[str, str] = {
    "English": (
        "the of and to in is that it for was on are with as at be this have from or by not what which how"
        " many you does did do he she they his her their if an can were has your there would will"
    ),
    "German": (
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden"
        " aus er hat dass sie nach wird bei einer um am sind noch wie einem über ich wir wo was kann mein"
    ),
    "French": (
        "le de un à être et en avoir que pour dans ce il qui ne sur se pas plus par je avec tout faire son"
        " mettre les des la une est du au aux vous nous quel quelle combien sont cette ces mon où"
    ),
    "Spanish": (
        "el la de que y en un ser se no haber por con su para como estar lo le los las una del al más pero"
        " sus ya es son qué cómo cuántos cuánto está fue mi si tiene"
    ),
    "Italian": (
        "il di che è la e un a per in una sono non con del della dei le gli si da più come ha al alla nel"
        " nella lo mi quanto quanti cosa questo anche ma dove"
    ),
    "Portuguese": (
        "o de que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à"
        " seu sua ou ser quando muito há nos já está eu qual quantos"
    ),
    "Dutch": (
        "de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij uit nog naar"
        " heeft ze deze hij wordt hoe wat veel hoeveel waar mijn ik je kan"
    ),
    "Swedish": (
        "och att det i en är som på för av med den till inte har de ett om var från hur många jag du kan vad"
        " min han hon eller men när"
    ),
    "Danish": (
        "og at det i en er som på for af med den til ikke har de et om var fra hvor mange jeg du kan hvad min"
        " han hun eller men når"
    ),
    "Polish": ("i na się nie do to że jest jak za po od ile co czy dla przez przy był są ma jego ale tak gdzie mój"),
    "Turkish": (
        "ve bir bu da de için ile ne çok daha olarak gibi kadar var olan kaç nasıl değil mi ama sonra her benim"
    ),
}
_LANGUAGES: dict[str, list[str]] = {}
"""Those that have the word among their smallest."""
for _language, _words in _SMALL.items():
    for _word in _words.split():
        _LANGUAGES.setdefault(_word, []).append(_language)
_SCRIPTS = (
    ("Japanese", re.compile("[\u3040-\u30ff]")),
    ("Korean", re.compile("[\uac00-\ud7af]")),
    ("Chinese", re.compile("[\u4e00-\u9fff]")),
    ("Ukrainian", re.compile("[іїєґІЇЄҐ]")),
    ("Russian", re.compile("[\u0400-\u04ff]")),
    ("Arabic", re.compile("[\u0600-\u06ff]")),
    ("Hebrew", re.compile("[\u0590-\u05ff]")),
    ("Greek", re.compile("[\u0370-\u03ff]")),
    ("Hindi", re.compile("[\u0900-\u097f]")),
    ("Thai", re.compile("[\u0e00-\u0e7f]")),
)
"""By the letters that a language has and those after it have not; Russian stands for all that is Cyrillic."""
_LETTERS = re.compile(r"[^\W\d_]+")
_ENOUGH = 3


@lru_cache(maxsize=1024)  # The same sample is asked about for the summary and for each file beside it.
def language_of(text: str) -> str | None:
    """The language that most of ``text`` is in, in English; None where it can't be told."""
    if not text.isascii():
        letters = sum(char.isalpha() for char in text)
        for language, script in _SCRIPTS:
            # A few letters of another script are a name, a formula or a quotation.
            share = 0.3 if language not in ("Japanese", "Ukrainian") else 0.05
            if (found := len(script.findall(text))) >= 3 and found >= share * letters:
                return language
    words = _LETTERS.findall(text.lower())
    scores = Counter(language for word in words if word in _LANGUAGES for language in _LANGUAGES[word])
    if not scores:
        return None
    (language, best), (_, second) = [*scores.most_common(2), ("", 0)][:2]
    return language if best >= _ENOUGH and best >= 0.1 * len(words) and best > 1.15 * second else None
