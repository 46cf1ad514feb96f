"""The adapter's promises: errors are all translated, and nothing is sent twice."""

from __future__ import annotations

import gzip
import inspect
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import openai
import pytest

from contract.graders import Multi, ResponseFormat
from contract.hyperparameters import HyperparameterSpec
from jobs.azure import account_client, openai_service
from jobs.azure.account_client import AccountClient
from jobs.azure.openai_service import FOREIGN, OpenAIService, translate
from jobs.errors import CloudFailed, ServiceRefused, SignInFailed, Unavailable, Unsettled
from jobs.ports import JobRequest

REQUEST = JobRequest(
    "m", "file-1", None, "clippy-0123abcd", 42, "supervised", "Developer", HyperparameterSpec(epochs=3)
)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx2.Request], httpx2.Response]) -> OpenAIService:
    """The service with ``answer`` in place of the network."""
    client = AccountClient(transport=httpx2.MockTransport(answer))
    real = openai.OpenAI
    monkeypatch.setattr(openai_service, "OpenAI", lambda **options: real(**{**options, "http_client": client}))
    return OpenAIService("https://x.openai.azure.com/", lambda: "token")


def test_every_exception_of_the_library_is_translated() -> None:
    """A version of the library with an exception outside these bases fails here."""
    libraries = [
        kind
        for module in (openai, httpx2)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and not issubclass(kind, Warning)
    ]
    # Raised for the misuse of webhooks and of cookies, neither of which is used here.
    unused = {"InvalidWebhookSignatureError", "CookieConflict"}

    assert len(libraries) > 20
    assert {kind.__name__ for kind in libraries if not issubclass(kind, FOREIGN)} <= unused


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, ServiceRefused), (401, ServiceRefused), (403, ServiceRefused), (404, ServiceRefused), (409, ServiceRefused)]
    + [(status, Unavailable) for status in (408, 429, 500, 503)],
)
def test_statuses_of_reads(monkeypatch: pytest.MonkeyPatch, status: int, kind: type[CloudFailed]) -> None:
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        body = {"error": {"code": "someCode", "message": "Some words."}}
        return httpx2.Response(status, json=body, headers={"apim-request-id": "abc", "Retry-After": "0.5"})

    with pytest.raises(kind) as caught:
        answering(monkeypatch, answer).job("ftjob-1")
    error = caught.value
    assert (error.status, error.code, error.request_id) == (status, "someCode", "abc")
    assert "Some words." in str(error)
    assert isinstance(error.__cause__, openai.OpenAIError)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"statusCode": 401, "message": "Unauthorized. Access token is missing."}',
        b"<html>gateway</html>",
        b"",
        b"null",
        b'{"error": null}',
    ],
)
def test_refusals_in_other_forms_are_translated_too(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    service = answering(monkeypatch, lambda _: httpx2.Response(401, content=body))

    with pytest.raises(ServiceRefused):
        service.job("ftjob-1")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"id": 7, "status": "x"}', b'{"id": "ftjob-1"}'])
def test_an_answer_that_makes_no_sense_is_a_failure_of_the_cloud(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    service = answering(
        monkeypatch, lambda _: httpx2.Response(200, content=body, headers={"content-type": "application/json"})
    )

    with pytest.raises(CloudFailed):
        service.job("ftjob-1")


def raising(error: Exception) -> Callable[[httpx2.Request], httpx2.Response]:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise error

    return answer


class TestLostAnswers:
    """A change whose answer was lost is unsettled; a read may be asked again."""

    @pytest.mark.parametrize("error", [httpx2.ReadTimeout("t"), httpx2.ReadError("r"), httpx2.RemoteProtocolError("p")])
    def test_after_it_was_sent(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        service = answering(monkeypatch, raising(error))

        with pytest.raises(Unsettled):
            service.submit(REQUEST)
        with pytest.raises(Unavailable):
            service.job("ftjob-1")

    @pytest.mark.parametrize("error", [httpx2.ConnectError("c"), httpx2.ConnectTimeout("t")])
    def test_before_it_was_sent(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        with pytest.raises(Unavailable):
            answering(monkeypatch, raising(error)).submit(REQUEST)

    @pytest.mark.parametrize("status", [408, 500, 502, 504])
    def test_a_fault_of_the_server_or_a_gateway_after_a_change(
        self, monkeypatch: pytest.MonkeyPatch, status: int
    ) -> None:
        with pytest.raises(Unsettled) as caught:
            answering(monkeypatch, lambda _: httpx2.Response(status, json={}, headers={"Retry-After": "20"})).submit(
                REQUEST
            )
        assert caught.value.retry_after == 20

    def test_an_unreadable_answer_to_a_change(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(Unsettled):
            answering(monkeypatch, lambda _: httpx2.Response(200, content=b"<html>")).submit(REQUEST)


def sent_by(monkeypatch: pytest.MonkeyPatch, request: JobRequest) -> dict[str, Any]:
    """The body of the one request that a submission is."""
    bodies = []

    def answer(sent: httpx2.Request) -> httpx2.Response:
        bodies.append(json.loads(sent.content))
        return httpx2.Response(200, json={"id": "ftjob-1", "status": "pending"})

    answering(monkeypatch, answer).submit(request)
    [body] = bodies
    return dict(body)


def test_what_a_submission_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    """azure-ai-docs, fine-tuning-rest.md; what the service is to choose is left out."""
    assert sent_by(monkeypatch, REQUEST) == {
        "model": "m",
        "training_file": "file-1",
        "validation_file": None,
        "suffix": "clippy-0123abcd",
        "seed": 42,
        "trainingType": "developerTier",
        "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}},
    }


def test_what_a_submission_of_preferences_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Azure's specification 2025-04-01-preview, DpoMethodRequest; v1 has the same keys but for ``l2_multiplier``."""
    request = JobRequest(
        "m", "file-1", None, "s", 42, "dpo", "GlobalStandard", HyperparameterSpec(beta=0.1, l2_multiplier=0.2)
    )

    assert sent_by(monkeypatch, request)["method"] == {
        "type": "dpo",
        "dpo": {"hyperparameters": {"beta": 0.1, "l2_multiplier": 0.2}},
    }


GRADER: dict[str, Any] = {
    "name": "clause_match_grader",
    "type": "multi",
    "graders": {
        "extracted_text_similarity": {
            "name": "extracted_text_similarity",
            "type": "text_similarity",
            "input": "{{sample.output_json.extracted_text}}",
            "reference": "{{item.extracted_text}}",
            "evaluation_metric": "fuzzy_match",
        },
        "clause_string_check": {
            "name": "clause_string_check",
            "type": "string_check",
            "input": "{{sample.output_json.clause_type}}",
            "reference": "{{item.clause_type}}",
            "operation": "eq",
        },
    },
    "calculate_output": "(extracted_text_similarity + clause_string_check) / 2",
}
"""As azure-ai-docs has it (reinforcement fine-tuning, 2026-10)."""


def test_what_a_submission_with_a_grader_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    """AzureFineTuneReinforcementMethod of Azure's v1 specification, and the response format of azure-ai-docs."""
    form = {
        "type": "json_schema",
        "json_schema": {"name": "clause", "strict": True, "schema": {"type": "object", "default": None}},
    }
    chosen = HyperparameterSpec(eval_interval=5, eval_samples=2, compute_multiplier=1.5, reasoning_effort="high")
    request = JobRequest(
        *("o4-mini-2025-04-16", "file-1", "file-2", "s", 42, "reinforcement", "GlobalStandard", chosen),
        grader=Multi.model_validate(GRADER),
        response_format=ResponseFormat.model_validate(form),
    )

    assert sent_by(monkeypatch, request)["method"] == {
        "type": "reinforcement",
        "reinforcement": {
            "hyperparameters": {
                "eval_interval": 5,
                "eval_samples": 2,
                "compute_multiplier": 1.5,
                "reasoning_effort": "high",
            },
            "grader": GRADER,
            "response_format": form,
        },
    }


class TestValidatingAGrader:
    def test_what_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Azure's v1 specification, POST /fine_tuning/alpha/graders/validate."""
        asked = []

        def answer(request: httpx2.Request) -> httpx2.Response:
            asked.append((request.method, request.url.path, json.loads(request.content)))
            return httpx2.Response(200, json={"grader": GRADER})

        assert answering(monkeypatch, answer).validate_grader(Multi.model_validate(GRADER))
        assert asked == [("POST", "/openai/v1/fine_tuning/alpha/graders/validate", {"grader": GRADER})]

    @pytest.mark.parametrize("status", [404, 405, 501])
    def test_a_service_without_the_route_has_not_looked(self, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
        service = answering(monkeypatch, lambda _: httpx2.Response(status, json={}))

        assert not service.validate_grader(Multi.model_validate(GRADER))

    def test_a_grader_found_fault_with_is_refused_in_the_services_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        body = {"error": {"code": "invalidPayload", "message": "Invalid grader formula."}}

        with pytest.raises(ServiceRefused, match="Invalid grader formula"):
            answering(monkeypatch, lambda _: httpx2.Response(400, json=body)).validate_grader(
                Multi.model_validate(GRADER)
            )


def test_hints_when_to_ask_again_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    service = answering(
        monkeypatch,
        lambda _: httpx2.Response(200, json={"id": "j", "status": "running"}, headers={"openai-poll-after-ms": "250"}),
    )

    assert service.job("j").next_poll == 0.25


def test_a_list_that_knows_no_paging_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that answers its first page whatever is asked for."""
    page = {"object": "list", "data": [{"id": "a", "status": "running"}, {"id": "b", "status": "running"}]}
    service = answering(monkeypatch, lambda _: httpx2.Response(200, json=page))

    assert [job.id for job in service.jobs()] == ["a", "b"]


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page has others, and says that there are more."""
    monkeypatch.setattr(openai_service, "LONGEST_LIST", 50)
    pages = itertools.count()

    def answer(_: httpx2.Request) -> httpx2.Response:
        page = next(pages)
        items = [{"id": f"job-{page}-{number}", "status": "running"} for number in range(10)]
        return httpx2.Response(200, json={"object": "list", "data": items, "has_more": True})

    with pytest.raises(ServiceRefused, match="a list of more than 50"):
        list(answering(monkeypatch, answer).jobs())


def test_items_without_an_id_are_a_failure_of_the_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    service = answering(
        monkeypatch, lambda _: httpx2.Response(200, json={"object": "list", "data": [{"message": "x"}]})
    )

    with pytest.raises(CloudFailed):
        service.events("ftjob-1", 20)
    with pytest.raises(CloudFailed):
        list(service.jobs())


class TestEvents:
    """Newest first, page by page, up to a limit."""

    def serving(
        self, monkeypatch: pytest.MonkeyPatch, most: int, *, paged: bool = True
    ) -> tuple[OpenAIService, list[str]]:
        """A service with so many events, a second each, newest first; and what it is asked."""
        asked: list[str] = []
        every = [
            {"id": f"ftevent-{n}", "created_at": 1000 + n, "message": f"m{n}"} for n in reversed(range(1, most + 1))
        ]

        def answer(request: httpx2.Request) -> httpx2.Response:
            asked.append(request.url.query.decode())
            after, limit = request.url.params.get("after"), int(request.url.params["limit"])
            start = next((i + 1 for i, event in enumerate(every) if event["id"] == after), 0) if paged else 0
            shown = every[start : start + limit]
            return httpx2.Response(
                200, json={"object": "list", "data": shown, "has_more": not paged or start + limit < most}
            )

        return answering(monkeypatch, answer), asked

    def test_a_few_are_one_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        service, asked = self.serving(monkeypatch, 300)

        assert [event.message for event in service.events("ftjob-1", 3)] == ["m300", "m299", "m298"]
        assert asked == ["limit=3"]

    def test_many_come_in_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        service, asked = self.serving(monkeypatch, 250)

        assert [event.message for event in service.events("ftjob-1", 1000)] == [f"m{n}" for n in range(250, 0, -1)]
        assert len(asked) == 3

    def test_no_more_than_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        service, asked = self.serving(monkeypatch, 1000)

        assert len(service.events("ftjob-1", 150)) == 150
        assert len(asked) == 2

    def test_a_service_that_knows_no_paging(self, monkeypatch: pytest.MonkeyPatch) -> None:
        service, _ = self.serving(monkeypatch, 500, paged=False)

        assert len(service.events("ftjob-1", 1000)) == 100


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
class TestChanges:
    """Asked for once, by the route of Azure's specification (v1)."""

    def test_what_is_asked(self, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
        asked: list[tuple[str, str]] = []

        def answer(request: httpx2.Request) -> httpx2.Response:
            asked.append((request.method, request.url.path))
            return httpx2.Response(200, json={"id": "ftjob-1", "status": "pausing"})

        job = getattr(answering(monkeypatch, answer), verb)("ftjob-1")
        assert (job.id, job.status.text) == ("ftjob-1", "pausing")
        assert asked == [("POST", f"/openai/v1/fine_tuning/jobs/ftjob-1/{verb}")]

    def test_a_lost_answer_is_unsettled(self, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
        with pytest.raises(Unsettled):
            getattr(answering(monkeypatch, raising(httpx2.ReadTimeout("t"))), verb)("ftjob-1")
        with pytest.raises(Unsettled):
            getattr(answering(monkeypatch, lambda _: httpx2.Response(502)), verb)("ftjob-1")

    @pytest.mark.parametrize("status", [400, 409])
    def test_a_wrong_state_is_refused_with_its_code(
        self, monkeypatch: pytest.MonkeyPatch, verb: str, status: int
    ) -> None:
        """The code: Azure OpenAI specification 2024-10-21, error codes."""
        body = {"error": {"code": "unexpectedEntityState", "message": "Not in this state."}}

        with pytest.raises(ServiceRefused) as caught:
            getattr(answering(monkeypatch, lambda _: httpx2.Response(status, json=body)), verb)("ftjob-1")
        assert caught.value.code == "unexpectedEntityState"


def test_our_own_error_from_signing_in_passes_through_the_library() -> None:
    def token() -> str:
        raise SignInFailed("nobody is signed in")

    with pytest.raises(SignInFailed):
        OpenAIService("https://127.0.0.1:9/", token).job("ftjob-1")


def test_translation_is_total() -> None:
    """Every exception of the transport becomes one of ours; one that asking again would only repeat, a refusal."""
    kinds: list[type[Exception]] = list(_leaves(httpx2.TransportError))

    assert kinds
    for kind in kinds:
        refused = kind is httpx2.UnsupportedProtocol
        assert isinstance(translate("x", kind("words")), ServiceRefused if refused else Unavailable)


class TestAnswersWithoutEnd:
    """A service, or who stands in its place, may send whatever it likes."""

    @pytest.mark.parametrize("packed", [False, True], ids=["as it is", "a small one that unpacks into a large one"])
    def test_an_answer_that_is_too_large_is_not_kept(self, monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
        monkeypatch.setattr(account_client, "LARGEST_ANSWER", 1024 * 1024)
        taken: list[int] = []
        whole = gzip.compress(bytes(16 * 1024 * 1024)) if packed else bytes(16 * 1024 * 1024)
        pieces = [whole[at : at + 256] for at in range(0, len(whole), 256)]

        class Endless(httpx2.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                for number, piece in enumerate(pieces):
                    taken.append(number)
                    yield piece

        headers = {"Content-Encoding": "gzip"} if packed else {}
        service = answering(monkeypatch, lambda _: httpx2.Response(200, stream=Endless(), headers=headers))
        with pytest.raises(ServiceRefused, match="larger than 1 MiB"):
            service.job("ftjob-1")

        assert len(taken) < len(pieces) / 8

    @pytest.mark.parametrize(
        "answer",
        [
            "[" * 100_000,
            '{"id": "a", "status": "running", "created_at": 1e300}',
            '{"id": "a", "status": "running", "created_at": Infinity}',
            '{"id": "a", "status": "running", "created_at": ' + "9" * 5000 + "}",
        ],
        ids=["nested", "a moment beyond time", "infinite", "more digits than are read"],
    )
    def test_what_no_reader_takes_is_the_clouds_failure(self, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
        with pytest.raises(CloudFailed):
            answering(monkeypatch, lambda _: httpx2.Response(200, text=answer)).job("ftjob-1")

    def test_an_error_page_of_megabytes_is_told_in_a_few_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(CloudFailed) as refused:
            answering(monkeypatch, lambda _: httpx2.Response(400, text="x" * 5_000_000)).job("ftjob-1")

        assert len(str(refused.value)) < 5000


def _leaves(kind: type[Exception]) -> Iterator[type[Exception]]:
    if not kind.__subclasses__():
        yield kind
    for below in kind.__subclasses__():
        yield from _leaves(below)


def test_jobs_with_what_the_library_s_types_lack_are_listed_in_silence(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """A multi grader as Azure's page has it, with its graders by name; any job of the account is listed."""
    part = {"type": "string_check", "name": "a", "input": "{{sample.output_text}}", "reference": "1", "operation": "eq"}
    grader = {"type": "multi", "name": "g", "graders": {"a": part, "b": part}, "calculate_output": "(a + b) / 2"}
    method = {"type": "reinforcement", "reinforcement": {"grader": grader, "hyperparameters": {"n_epochs": 2}}}
    job = {"id": "ftjob-1", "object": "fine_tuning.job", "status": "pending", "model": "m", "created_at": 1}
    page = {"object": "list", "data": [job | {"method": method}], "has_more": False}
    service = answering(monkeypatch, lambda _: httpx2.Response(200, json=page))

    assert [job.id for job in service.jobs()] == ["ftjob-1"]
    assert [str(warning.message) for warning in recwarn] == []
