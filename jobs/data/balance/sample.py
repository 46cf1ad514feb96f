"""A sample of texts that does not depend on their order, or on where a file is cut: those with the lowest digests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappush, heappushpop
from typing import Self
from zlib import crc32


class Sample:
    """At most ``room`` different texts, the beginning of each."""

    def __init__(self, room: int, length: int) -> None:
        self._room, self._length = room, length
        self._heap: list[tuple[int, str]] = []
        """By negative digest: the highest digest comes first."""
        self._digests: set[int] = set()

    def add(self, text: str) -> None:
        begin = text[: self._length]
        self._take(-crc32(begin.encode("utf-8", "surrogatepass")), begin)

    def update(self, texts: Iterable[str]) -> None:
        """As ``add`` for each."""
        length, heap, room = self._length, self._heap, self._room
        for text in texts:
            begin = text[:length]
            digest = -crc32(begin.encode("utf-8", "surrogatepass"))
            if len(heap) < room or digest > heap[0][0]:
                self._take(digest, begin)

    def merge(self, later: Self) -> None:
        heap, room = self._heap, self._room
        for digest, text in later._heap:
            if len(heap) < room or digest > heap[0][0]:
                self._take(digest, text)

    def texts(self) -> Iterator[str]:
        return (text for _, text in sorted(self._heap, reverse=True))

    def _take(self, digest: int, text: str) -> None:
        if len(self._heap) < self._room:
            if digest not in self._digests:
                self._digests.add(digest)
                heappush(self._heap, (digest, text))
        elif digest > self._heap[0][0] and digest not in self._digests:
            self._digests.add(digest)
            self._digests.discard(heappushpop(self._heap, (digest, text))[0])
