"""How alike two texts are, from 0 to 1.

edit_distance      1 less Levenshtein's distance over the longer length (rapidfuzz)
fuzzy_match        rapidfuzz's ratio, as Azure names the library; which of its functions it takes no document says
rouge_1 … rouge_5  Lin, "ROUGE: a package for automatic evaluation of summaries" (2004): n-grams in common, F with β = 1
rouge_l            the same paper: the longest common subsequence of words, F with β = 1
bleu               Papineni and others, "BLEU" (2002), of one sentence, to 4-grams, smoothed by method 1 of Chen and
                   Cherry (2014) (nltk)
gleu               Wu and others, "Google's neural machine translation system" (2016), sentence GLEU (nltk)

Words of ROUGE are runs of letters and digits in lower case, without stemming: for ASCII as the rouge-score library
has them, which drops all other letters. BLEU and GLEU take words and punctuation as they are (nltk's wordpunct).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from jobs.evaluation.graders.graded import Graded

_WORD = re.compile(r"[^\W_]+")


def alike(metric: str, given: str, wanted: str) -> Graded:
    return Graded(min(1.0, max(0.0, float(_MEASURES[metric](given, wanted)))))


def _edit_distance(given: str, wanted: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.normalized_similarity(given, wanted)


def _fuzzy(given: str, wanted: str) -> float:
    from rapidfuzz.distance import Indel

    # fuzz.ratio over 100; that is 0 for two empty texts, and these are the same.
    return Indel.normalized_similarity(given, wanted)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _rouge_l(given: str, wanted: str) -> float:
    from rapidfuzz.distance import LCSseq

    one, other = _words(given), _words(wanted)
    both = len(one) + len(other)
    return 2 * LCSseq.similarity(one, other) / both if both else 0.0


def _rouge(length: int, given: str, wanted: str) -> float:
    def grams(words: list[str]) -> Counter[tuple[str, ...]]:
        return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))

    one, other = grams(_words(given)), grams(_words(wanted))
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 0.0


def _bleu(given: str, wanted: str) -> float:
    from nltk.tokenize import wordpunct_tokenize  # type: ignore[import-untyped]  # nltk has no types.
    from nltk.translate.bleu_score import (  # type: ignore[import-untyped]  # As above.
        SmoothingFunction,
        sentence_bleu,
    )

    return float(
        sentence_bleu(
            [wordpunct_tokenize(wanted)],
            wordpunct_tokenize(given),
            smoothing_function=SmoothingFunction().method1,
            auto_reweigh=True,
        )
    )


def _gleu(given: str, wanted: str) -> float:
    from nltk.tokenize import wordpunct_tokenize
    from nltk.translate.gleu_score import sentence_gleu  # type: ignore[import-untyped]  # As above.

    return float(sentence_gleu([wordpunct_tokenize(wanted)], wordpunct_tokenize(given)))


_MEASURES: Mapping[str, Callable[[str, str], float]] = {
    "edit_distance": _edit_distance,
    "fuzzy_match": _fuzzy,
    "bleu": _bleu,
    "gleu": _gleu,
    "rouge_l": _rouge_l,
    **{f"rouge_{length}": partial(_rouge, length) for length in range(1, 6)},
}
