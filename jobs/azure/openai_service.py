"""Files and fine-tuning jobs of one Azure OpenAI account: the only import of ``openai``.

The v1 form of the data plane is used, under the account's own endpoint. The library's own retries are off: it sleeps by
the machine's clock, and would send a job twice. ``jobs.tuning.patience`` asks again where that is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, BinaryIO, TypeVar, cast

import httpx2
import openai
from openai import BaseModel, OpenAI

from contract import graders
from contract.graders import AnyGrader
from jobs.azure import wire
from jobs.azure.account_client import AccountClient
from jobs.azure.answers import UNTRUSTED, broke, failure, is_untrusted, request_id, wish
from jobs.errors import CloudFailed, JobsError, ServiceRefused, Unavailable, Unsettled
from jobs.plain import one_line
from jobs.ports import Checkpoint, Event, Job, JobRequest, StoredFile

FOREIGN = (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL)
"""The bases of everything that the library and its transport raise for what happens outside."""
TIMEOUT = openai.Timeout(60.0, connect=10.0)
UPLOAD_TIMEOUT = openai.Timeout(600.0, connect=10.0)
"""Seconds without any progress on the wire; a whole upload may take longer."""
_TRAINING_TYPES = {"Standard": "Standard", "GlobalStandard": "GlobalStandard", "Developer": "developerTier"}
"""tune.yaml's word → the service's (azure-ai-docs, fine-tuning-rest.md: ``developerTier``)."""
_PURPOSE = "fine-tune"
_PAGE = 100
LONGEST_LIST = 100_000
"""Items that are read of a list: no account has so many, but a service that never ends could tell of more."""
_NO_SUCH_ROUTE = (404, 405, 501)
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)

T = TypeVar("T")


class OpenAIService:
    """The account behind ``endpoint`` (``https://<subdomain>.openai.azure.com/``). A ``FineTuning``.

    ``token`` gives a bearer token, fresh for each request; a ``Bearer`` another one where that is refused.
    """

    def __init__(self, endpoint: str, token: Callable[[], str]) -> None:
        with translated(f"{endpoint} cannot be used as an account's endpoint"):
            self._client = OpenAI(
                base_url=f"{endpoint.rstrip('/')}/openai/v1/",
                api_key=token,
                max_retries=0,
                timeout=TIMEOUT,
                http_client=AccountClient(token),
            )

    def close(self) -> None:
        self._client.close()

    def files(self) -> Iterator[StoredFile]:
        with translated("the account's files cannot be listed"):
            for item in _once(self._client.files.list(purpose=_PURPOSE)):
                yield wire.stored_file(_as_told(item))

    def file(self, file_id: str) -> StoredFile:
        with translated(f"file {file_id} cannot be read"):
            answer = self._client.files.with_raw_response.retrieve(file_id)
            return wire.stored_file(json_object(answer.http_response), next_poll=wish(answer.headers))

    def upload(self, stream: BinaryIO, filename: str) -> StoredFile:
        with translated(f"{filename} cannot be uploaded to the account", effect=True):
            answer = self._client.files.with_raw_response.create(
                file=(filename, cast("Any", stream), "application/jsonl"), purpose="fine-tune", timeout=UPLOAD_TIMEOUT
            )
            return wire.stored_file(json_object(answer.http_response), next_poll=wish(answer.headers))

    def jobs(self) -> Iterator[Job]:
        with translated("the account's fine-tuning jobs cannot be listed"):
            for item in _once(self._client.fine_tuning.jobs.list(limit=_PAGE)):
                yield wire.job(_as_told(item))

    def job(self, job_id: str) -> Job:
        with translated(f"fine-tuning job {job_id} cannot be read"):
            answer = self._client.fine_tuning.jobs.with_raw_response.retrieve(job_id)
            return _job(answer.http_response)

    def validate_grader(self, grader: AnyGrader) -> bool:
        try:
            with translated("the service finds fault with the grader"):
                # The library's type for multi graders knows one grader, the service a mapping of them.
                self._client.fine_tuning.alpha.graders.with_raw_response.validate(
                    grader=cast("Any", graders.wire(grader))
                )
        except CloudFailed as failed:
            if failed.status in _NO_SUCH_ROUTE:
                return False
            raise
        return True

    def submit(self, request: JobRequest) -> Job:
        with translated("the fine-tuning job was not submitted", effect=True):
            answer = self._client.fine_tuning.jobs.with_raw_response.create(
                model=request.model,
                training_file=request.training_file,
                validation_file=request.validation_file,
                suffix=request.suffix,
                seed=request.seed,
                # In place of the argument ``method``, whose type knows neither ``l2_multiplier`` nor
                # ``response_format``, which are Azure's own.
                extra_body={"method": _method(request), "trainingType": _TRAINING_TYPES[request.training_type]},
            )
            return _job(answer.http_response)

    def pause(self, job_id: str) -> Job:
        with translated(f"fine-tuning job {job_id} was not paused", effect=True):
            return _job(self._client.fine_tuning.jobs.with_raw_response.pause(job_id).http_response)

    def resume(self, job_id: str) -> Job:
        with translated(f"fine-tuning job {job_id} was not resumed", effect=True):
            return _job(self._client.fine_tuning.jobs.with_raw_response.resume(job_id).http_response)

    def cancel(self, job_id: str) -> Job:
        with translated(f"fine-tuning job {job_id} was not cancelled", effect=True):
            return _job(self._client.fine_tuning.jobs.with_raw_response.cancel(job_id).http_response)

    def events(self, job_id: str, limit: int) -> list[Event]:
        with translated(f"the events of fine-tuning job {job_id} cannot be read"):
            items = _once(self._client.fine_tuning.jobs.list_events(job_id, limit=min(limit, _PAGE)))
            events = [wire.event(_as_told(item)) for item in islice(items, limit)]
            return sorted(events, key=lambda event: event.at, reverse=True)

    def checkpoints(self, job_id: str) -> list[Checkpoint]:
        with translated(f"the checkpoints of fine-tuning job {job_id} cannot be read"):
            items = _once(self._client.fine_tuning.jobs.checkpoints.list(job_id))
            return sorted((wire.checkpoint(_as_told(item)) for item in items), key=lambda found: found.step)

    def delete_file(self, file_id: str) -> None:
        with translated(f"file {file_id} cannot be deleted"), suppress(openai.NotFoundError):
            self._client.files.delete(file_id)

    def content(self, file_id: str) -> bytes:
        with translated(f"the content of file {file_id} cannot be read"):
            return self._client.files.content(file_id).read()


def translate(what: str, error: Exception, *, effect: bool = False) -> CloudFailed:
    """``error`` in our terms. ``effect``: the request changes something, so a lost answer leaves it unsettled."""
    if isinstance(error, openai.APIStatusError):
        headers = error.response.headers
        translated = failure(what, error.status_code, error.code, _message(error), headers)
        if effect and (broke(error.status_code) or error.status_code == 408):
            unsettled = Unsettled(
                what,
                details=translated.details,
                status=error.status_code,
                code=error.code,
                request_id=request_id(headers),
            )
            unsettled.retry_after = wish(headers)
            return unsettled
        return translated
    cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
    if isinstance(error, openai.APIConnectionError) or isinstance(cause, httpx2.TransportError):
        details = [one_line(f"{type(cause).__name__}: {cause}" if cause and str(cause) else str(error))]
        if is_untrusted(details[0]):
            return ServiceRefused(what, details=[*details, UNTRUSTED])
        if isinstance(cause, httpx2.UnsupportedProtocol) or (isinstance(cause, httpx2.DecodingError) and not effect):
            return ServiceRefused(what, details=details)
        if effect and not isinstance(cause, _UNSENT):
            return Unsettled(what, details=[*details, "The answer was lost: it is not known whether it took effect."])
        return Unavailable(what, details=details)
    return (Unsettled if effect else ServiceRefused)(what, details=[one_line(f"the answer makes no sense: {error}")])


@contextmanager
def translated(what: str, *, effect: bool = False) -> Iterator[None]:
    try:
        yield
    except FOREIGN as error:
        if isinstance(error.__cause__, JobsError):
            # What was to be sent could not be read: the library takes that for trouble with the connection.
            raise error.__cause__ from None
        raise translate(what, error, effect=effect) from error
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        # JSON that is none, or of another shape; nested without end, or with numbers beyond any.
        raise translate(what, error, effect=effect) from error


def _method(request: JobRequest) -> dict[str, Any]:
    """The method with its options. What is left out is the service's to choose; some models refuse the word "auto"."""
    options: dict[str, Any] = {"hyperparameters": dict(request.hyperparameters.chosen())}
    if request.grader is not None:
        options["grader"] = graders.wire(request.grader)
    if request.response_format is not None:
        options["response_format"] = graders.wire(request.response_format)
    return {"type": request.method, request.method: options}


def _message(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return str(body["message"])
    return str(body) if isinstance(body, str) and body else error.message


def _job(response: httpx2.Response) -> Job:
    return wire.job(json_object(response), next_poll=wish(response.headers), request_id=request_id(response.headers))


def json_object(response: httpx2.Response) -> dict[str, Any]:
    found = response.json()
    if not isinstance(found, dict):
        raise TypeError(f"a JSON object is expected, not {type(found).__name__}")
    return found


def _as_told(item: BaseModel) -> dict[str, Any]:
    """As it came, in silence: the library's types lack what Azure adds, such as a multi grader's mapping of graders."""
    return item.to_dict(warnings=False)


def _once(items: Iterable[T]) -> Iterator[T]:
    """The items until one comes again: a service that knows no paging would answer its first page for ever."""
    seen: set[str] = set()
    for item in items:
        # One that has none is refused where it is read.
        identity = str(getattr(item, "id", None))
        if identity in seen:
            return
        if len(seen) >= LONGEST_LIST:
            raise ValueError(f"a list of more than {LONGEST_LIST:,}")
        seen.add(identity)
        yield item
