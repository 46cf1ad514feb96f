"""Text as the simulated models see it."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”)]*\s+(?=\S)")


def words(text: str) -> list[str]:
    """Lower-case words and single marks of punctuation."""
    return _WORD.findall(text.lower())


def content_words(text: str) -> list[str]:
    """Words alone, punctuation left out."""
    return [word for word in words(text) if word[0].isalnum()]


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text.strip()) if part.strip()]


def telling(text: str) -> list[str]:
    """Content words without those that sentences are made with, a plural's final s left off."""
    return [stem(word) for word in content_words(text) if word not in HOLLOW]


def stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


ASKING = frozenset(
    {
        *("what", "which", "who", "whose", "when", "where", "why", "how", "many", "much", "long", "far", "often"),
        *("is", "are", "was", "were", "do", "does", "did", "has", "have", "can", "could", "would", "will", "should"),
        *("please", "you", "tell", "me", "give", "name", "explain", "the", "a", "an", "in", "on", "of", "at"),
    }
)
HOLLOW = ASKING | {
    *("i", "it", "its", "he", "she", "they", "we", "us", "my", "your", "his", "her", "their", "our", "this", "that"),
    *("and", "or", "but", "not", "no", "to", "for", "from", "by", "with", "as", "be", "been", "am", "had", "if", "so"),
    *("than", "then", "there", "these", "those", "into", "about", "any", "all", "some", "user", "question", "answer"),
}
