"""The bodies of requests: read whole, in part or away, and given back to who reads them next."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.types import Message, Receive


class Gone(Exception):
    """The client left before its request was whole."""


async def whole(receive: Receive) -> Receive:
    """Reads the request to its end, and gives it again to whoever asks. Raises Gone."""
    read = [message async for message in _parts(receive)]

    async def again() -> Message:
        return read.pop(0) if read else await receive()

    return again


async def up_to(receive: Receive, size: int) -> None:
    """Reads so many bytes, or to the end of a shorter body. Raises Gone."""
    got = 0
    async for message in _parts(receive):
        got += len(message.get("body", b""))
        if got >= size:
            return


async def _parts(receive: Receive) -> AsyncIterator[Message]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message
        if not message.get("more_body"):
            return
