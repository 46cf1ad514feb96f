"""Two deployments over HTTPS, as the benchmark of an evaluation asks them: `python -m tests.bench.served FOLDER`.

Each answers in 0.5 s and takes 60 requests at once and 100 in each second of the clock's; whatever comes beside that,
and every 190th request, is refused with 429 and `retry-after-ms`. Refused requests count, as Azure's do. Its address
and its CA's certificate come to stand in FOLDER; GET /counts tells what each deployment has seen.
"""

from __future__ import annotations

import asyncio
import json
import math
import ssl
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import trustme
import uvicorn

LATENCY = 0.5
AT_ONCE = 60
PER_SECOND = 100
REFUSED_EACH = 190
PAUSE = 0.3
"""Seconds that such a refusal asks for."""
DEPLOYMENTS = ("tuned", "base")
ANSWER = "The bill is 1,284 dollars and 50 cents, of which 84.50 are tax. " * 8


@dataclass
class Deployment:
    """``refused``: in between, on purpose; ``over``: for more than it takes, at once or in a second."""

    asked: int = 0
    answered: int = 0
    refused: int = 0
    over: int = 0
    under_way: int = 0
    most: int = 0
    second: int = 0
    in_second: int = 0

    def refuses(self) -> float | None:
        """Counts a request; the seconds that its refusal asks for, if it is refused."""
        now = time.time()
        if math.floor(now) != self.second:
            self.second, self.in_second = math.floor(now), 0
        self.asked += 1
        self.in_second += 1
        if self.in_second > PER_SECOND or self.under_way >= AT_ONCE:
            self.over += 1
            return self.second + 1 - now
        if self.asked % REFUSED_EACH == 0:
            self.refused += 1
            return PAUSE
        return None


class Server:
    """The application (ASGI)."""

    def __init__(self) -> None:
        self.deployments = {name: Deployment() for name in DEPLOYMENTS}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["path"] == "/counts":
            counts = {name: asdict(each) for name, each in self.deployments.items()}
            await answer(send, 200, counts)
            return
        deployment = self.deployments[json.loads(body)["model"]]
        pause = deployment.refuses()
        if pause is not None:
            error = {"code": "RateLimitReached", "message": "Please retry later."}
            await answer(send, 429, {"error": error}, (b"retry-after-ms", str(math.ceil(pause * 1000)).encode()))
            return
        deployment.under_way += 1
        deployment.most = max(deployment.most, deployment.under_way)
        await asyncio.sleep(LATENCY)
        deployment.under_way -= 1
        deployment.answered += 1
        await answer(send, 200, COMPLETION)


COMPLETION = {
    "id": "chatcmpl-1",
    "model": "gpt-4.1-mini-2025-04-14",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ANSWER}}],
    "usage": {"prompt_tokens": 200, "completion_tokens": 150, "total_tokens": 350},
}


async def answer(send: Any, status: int, body: object, *headers: tuple[bytes, bytes]) -> None:
    """One answer of JSON."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", JSON), *headers]})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


JSON = b"application/json"


def main() -> None:
    """Serves until it is ended."""
    folder = Path(sys.argv[1])
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    config = uvicorn.Config(
        Server(),
        host="127.0.0.1",
        port=0,
        ssl_context_factory=lambda *_: context,
        lifespan="off",
        log_level="error",
        access_log=False,
        timeout_keep_alive=600,
    )

    class Announced(uvicorn.Server):
        """Writes its address once it listens."""

        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            port = self.servers[0].sockets[0].getsockname()[1]
            (folder / "address.part").write_text(f"https://localhost:{port}", encoding="utf-8")
            (folder / "address.part").rename(folder / "address")

    Announced(config).run()


if __name__ == "__main__":
    main()
