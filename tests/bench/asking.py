"""How long an evaluation asks, beside the least that is possible: `python -m tests.bench.asking`.

1,000 questions to each of two deployments of tests/bench/served.py, over HTTPS, by the real adapter. The bound is what
latency, concurrency and rate set: requests of 0.5 s at 60 at once, 100 in a second. The 429s in between, and the
pauses that they ask for, are not in it. Memory: of 1,000 and of 5,000 questions by a double that answers at once; what
an answer takes is what the larger number has more at its highest, by tracemalloc.
"""

from __future__ import annotations

import json
import math
import os
import resource
import ssl
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

import httpx2

from contract.evaluation_spec import Asking
from jobs.chat_ports import Chat, ChatReply, ChatRequest
from jobs.clock import SystemClock
from jobs.evaluation.asking.limits import Limits, Rate
from jobs.evaluation.asking.round import ask_all
from jobs.evaluation.kept_answers import Kept
from jobs.evaluation.question import Contender, Prompt
from jobs.evaluation.questions import questions_of
from jobs.tuning.patience import Patience
from tests.bench.dataset import write
from tests.bench.served import ANSWER, AT_ONCE, DEPLOYMENTS, LATENCY, PER_SECOND
from tests.checkout import ROOT
from tests.jobs.doubles import KeptBlobs

NUMBER, MANY = 1000, 5000
WANTED_RATIO, WANTED_BYTES = 1.3, 300
_EXAMPLE = 730
"""Bytes of one, about."""


@dataclass(frozen=True)
class Asked:
    """Seconds on the wall and of the processor, and the bound; memory in bytes of an answer, and MB at most."""

    wall: float
    cpu: float
    bound: float
    refused: int
    over: int
    most: int
    megabytes: float
    bytes_each: float

    @property
    def ratio(self) -> float:
        return self.wall / self.bound


class Elsewhere(KeptBlobs):
    """A storage that is not in this process. A Blobs."""

    def put(self, name: str, content: bytes) -> None:
        self.etags[name] = f'"{len(content)}"'


class AtOnce:
    """Answers at once. A Chat."""

    def ask(self, request: ChatRequest) -> ChatReply:
        return ChatReply(ANSWER, (), "stop", 200, 150, 0.0, request.deployment)


def bound(number: int) -> float:
    """Seconds that nobody could be quicker than: each deployment is asked for itself."""
    by_concurrency = math.ceil(number / AT_ONCE) * LATENCY
    by_rate = (math.ceil(number / PER_SECOND) - 1) * 1.0 + LATENCY
    return max(by_concurrency, by_rate)


@contextmanager
def server() -> Iterator[str]:
    """Its address; its CA is trusted in this process meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with subprocess.Popen([sys.executable, "-m", "tests.bench.served", name], cwd=ROOT) as process:
            try:
                while not (folder / "address").exists():
                    if process.poll() is not None:
                        raise RuntimeError("the server did not start")
                    time.sleep(0.05)
                os.environ["SSL_CERT_FILE"] = str(folder / "ca.pem")
                yield (folder / "address").read_text(encoding="utf-8")
            finally:
                process.terminate()


def ask(chat: Chat, number: int, limits: Limits) -> None:
    """Asks both deployments so many questions."""
    clock = SystemClock()
    contenders = [
        Contender(name, "baseline", name, "main", name, Prompt("Answer in one sentence.")) for name in DEPLOYMENTS
    ]
    with tempfile.TemporaryDirectory() as folder:
        more, file = Path(folder) / "more.jsonl", Path(folder) / "holdout.jsonl"
        write(more, number * _EXAMPLE)
        with more.open("rb") as lines, file.open("wb") as wanted:
            wanted.writelines(islice(lines, number))
        later = clock.now() + timedelta(minutes=10)
        with Kept(Elsewhere(), "bench", Patience(clock, later, lambda *_: None), print) as kept:
            answers = ask_all(
                contenders,
                questions_of(file),
                Asking(concurrency=limits.concurrency),
                {"main": chat},
                kept,
                clock=clock,
                say=lambda _: None,
                of=number,
                deadline=later,
                limits={("main", name): limits for name in DEPLOYMENTS},
            )
            if [len(answers[name]) for name in DEPLOYMENTS] != [number, number]:
                raise AssertionError("answers are missing")


def grown() -> float:
    """Bytes that an answer takes in memory, at most."""
    highest = []
    for number in (NUMBER, MANY):
        tracemalloc.start()
        ask(AtOnce(), number, Limits(16))
        highest.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return (highest[1] - highest[0]) / ((MANY - NUMBER) * len(DEPLOYMENTS))


def measured() -> Asked:
    """In this process."""
    from jobs.azure.chat_service import ChatService

    with server() as address:
        limits = Limits(AT_ONCE, (Rate(PER_SECOND, 1.0),))
        with closing(ChatService(address, lambda: "token")) as chat:
            wall, cpu = time.perf_counter(), time.process_time()
            ask(chat, NUMBER, limits)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        trusting = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
        counts = httpx2.get(f"{address}/counts", verify=trusting).json().values()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    refused, over = (sum(each[key] for each in counts) for key in ("refused", "over"))
    most = max(each["most"] for each in counts)
    return Asked(wall, cpu, bound(NUMBER), refused, over, most, megabytes, grown())


def in_its_own_process() -> Asked:
    """What else this process has loaded does not count."""
    command = [sys.executable, "-m", "tests.bench.asking", "--json"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Asked(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Prints the figures; exits with 1 where they are not what is wanted."""
    asked = measured()
    if "--json" in sys.argv[1:]:
        sys.stdout.write(f"{json.dumps(asdict(asked))}\n")
        return
    sys.stdout.write(
        f"{NUMBER:,} questions to two deployments: {asked.wall:.2f} s, bound {asked.bound:.2f} s,"
        f" {asked.ratio:.2f} times; {asked.cpu:.2f} s of the processor, {asked.megabytes:.0f} MB at most\n"
        f"at most {asked.most} at once, {asked.refused} refused in between, {asked.over} for being too many\n"
        f"{asked.bytes_each:.0f} bytes of memory for each answer more\n"
    )
    sys.exit(0 if asked.ratio <= WANTED_RATIO and asked.bytes_each <= WANTED_BYTES else 1)


if __name__ == "__main__":
    main()
