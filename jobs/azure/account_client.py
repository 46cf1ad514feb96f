"""How an account is spoken to: over HTTPS alone, to the host that was asked alone, and with answers that have an end.

What a service sends is read into memory before it is understood: an answer without end, or a small one that unpacks to
a large one, would take all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import httpx2

from jobs.azure.credentials import Bearer

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer, unpacked. A results file has about 100 for each step of a training."""


class AccountClient(httpx2.Client):
    """Follows no redirection, which would take datasets, and a token, to whatever host it names.

    token   where it is a ``Bearer``, and what it gave is refused, the request is sent once more with another one: it
            had no effect, and every body that is sent here can be read again from its beginning
    """

    def __init__(self, token: Callable[[], str] | None = None, **options: Any) -> None:
        super().__init__(**options, follow_redirects=False)
        self._renewed = token.renewed if isinstance(token, Bearer) else None

    def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        """Raises UnsupportedProtocol for what would go unencrypted, and DecodingError for an answer that is too large;
        both are ``httpx2.RequestError``."""
        if request.url.scheme != "https":
            raise httpx2.UnsupportedProtocol(f"{request.url.host} is asked over https only", request=request)
        answer = super().send(request, stream=True, **options)
        if answer.status_code == 401 and self._renewed is not None:
            answer.close()
            refused = request.headers["Authorization"].removeprefix("Bearer ")
            request.headers["Authorization"] = f"Bearer {self._renewed(refused)}"
            answer = super().send(request, stream=True, **options)
        return answer if stream else _read(answer)


def _read(answer: httpx2.Response) -> httpx2.Response:
    """The answer with its content, as far as that may go."""
    content = bytearray()
    with closing(answer):
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise httpx2.DecodingError(
                    f"the answer is larger than {LARGEST_ANSWER // 1024 // 1024} MiB", request=answer.request
                )
    # It was unpacked above.
    headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _OF_THE_WIRE]
    return httpx2.Response(
        answer.status_code,
        headers=headers,
        content=bytes(content),
        request=answer.request,
        extensions={name: value for name, value in answer.extensions.items() if name != "network_stream"},
    )


_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
