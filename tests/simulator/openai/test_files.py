"""Files through the openai client. Words: the captured answers named in errors.py."""

from __future__ import annotations

import json

import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI

from simulator.openai import files
from tests.simulator.openai.conftest import Tenancy, capitals


def refusal(problem: APIStatusError) -> tuple[int, str, str]:
    error = json.loads(problem.response.content)["error"]
    return problem.status_code, error["code"], error["message"]


class TestAFile:
    def test_passes_through_its_statuses(self, tenancy: Tenancy, client: OpenAI) -> None:
        """pending, running, processed, as the simulated clock goes on."""
        tenancy.simulator.clock.step_on_poll = False
        file = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        seen = [str(file.status)]
        for _ in range(4):
            tenancy.simulator.clock.advance(1.5)
            seen.append(str(client.files.retrieve(file.id).status))

        assert list(dict.fromkeys(seen)) == ["pending", "running", "processed"]

    def test_has_azures_id(self, client: OpenAI) -> None:
        """`file-` and 32 hexadecimal digits."""
        file = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

        assert len(file.id) == 37
        assert int(file.id.removeprefix("file-"), 16)
        assert file.bytes == len(capitals())

    def test_hints_when_to_ask_again(self, tenancy: Tenancy, client: OpenAI) -> None:
        """With a clock that runs fast the hint is on the caller's clock; a settled file has none."""
        tenancy.simulator.clock.step_on_poll = False
        tenancy.simulator.clock.rate = 2.0
        file = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

        hints = client.files.with_raw_response.retrieve(file.id).headers
        tenancy.simulator.clock.advance(10)
        later = client.files.with_raw_response.retrieve(file.id).headers

        assert 0 < int(hints["openai-poll-after-ms"]) <= 1500
        assert 0 < float(hints["retry-after"]) <= 1.5
        assert "openai-poll-after-ms" not in later

    def test_is_kept_byte_for_byte(self, client: OpenAI) -> None:
        """What was sent is what comes back."""
        file = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

        assert client.files.content(file.id).content == capitals()

    def test_can_be_sent_twice_under_one_name(self, client: OpenAI) -> None:
        """No refusal is known: it gets another ID."""
        one = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        other = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

        assert one.id != other.id

    def test_that_is_deleted_is_gone(self, client: OpenAI) -> None:
        """404 notFound afterwards."""
        file = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        assert client.files.delete(file.id).deleted

        with pytest.raises(NotFoundError) as caught:
            client.files.retrieve(file.id)
        assert refusal(caught.value)[:2] == (404, "notFound")

    def test_expires(self, tenancy: Tenancy, client: OpenAI) -> None:
        """After the seconds it was given, 14 days at least."""
        file = client.files.create(
            file=("t.jsonl", capitals()),
            purpose="fine-tune",
            expires_after={"anchor": "created_at", "seconds": 1_209_600},
        )
        assert file.expires_at == file.created_at + 1_209_600
        tenancy.simulator.clock.advance(1_209_601)

        assert list(client.files.list()) == []

    def test_without_a_json_line_ends_in_error(self, client: OpenAI) -> None:
        """The reason stands in status_details."""
        file = client.files.create(file=("t.jsonl", b"no\njson\n"), purpose="fine-tune")

        ended = client.files.wait_for_processing(file.id, poll_interval=0.001)

        assert ended.status == "error"
        assert str(ended.status_details).startswith(
            "Validation of jsonl file failed: No valid json line found in file."
        )


class TestTheList:
    def test_is_paged_newest_first(self, client: OpenAI) -> None:
        """The client walks from page to page by the last ID."""
        made = [client.files.create(file=(f"{n}.jsonl", capitals()), purpose="fine-tune").id for n in range(5)]

        assert [file.id for file in client.files.list(limit=2)] == made[::-1]
        assert [file.id for file in client.files.list(limit=2, order="asc")] == made

    def test_can_be_narrowed_to_a_purpose(self, client: OpenAI) -> None:
        """purpose=batch shows batch files alone."""
        client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        batch = client.files.create(file=("b.jsonl", capitals()), purpose="batch")

        assert [file.id for file in client.files.list(purpose="batch")] == [batch.id]

    def test_has_a_limit(self, client: OpenAI) -> None:
        """A page of none is refused."""
        with pytest.raises(BadRequestError) as caught:
            client.files.list(limit=0)

        assert refusal(caught.value)[:2] == (400, "invalidPayload")


class TestAnUploadIsRefused:
    def test_for_its_purpose(self, client: OpenAI) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.files.create(file=("t.jsonl", capitals()), purpose="vision")

        assert refusal(caught.value) == (400, "invalidPayload", "Invalid value for purpose.")

    def test_for_its_name(self, client: OpenAI) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.files.create(file=("t.json", capitals()), purpose="fine-tune")

        assert refusal(caught.value) == (
            400,
            "invalidPayload",
            "fileName contains an invalid filename: wrong suffix.",
        )

    def test_without_a_content_type(self, client: OpenAI) -> None:
        """The captured refusal: 119 bytes, indented."""
        with pytest.raises(BadRequestError) as caught:
            client.files.create(file=("t.jsonl", capitals(), ""), purpose="fine-tune")

        assert caught.value.response.content == (
            b'{\n  "error": {\n    "code": "invalidPayload",\n'
            b'    "message": "The file has no or an empty content type specified."\n  }\n}'
        )
        assert len(caught.value.response.content) == 119
        assert caught.value.response.headers["content-type"] == "application/json; charset=utf-8"

    def test_beyond_a_hundred(self, tenancy: Tenancy, client: OpenAI) -> None:
        """The words are those of the batch quota, with the limit of training files."""
        file = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        state = tenancy.simulator.cloud.state.openai
        for number in range(99):
            state.files[f"file-{number}"] = state.files[file.id].model_copy(update={"id": f"file-{number}"})

        with pytest.raises(BadRequestError) as caught:
            client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

        words = "The quota for files without expiry is reached. The maximum is 100."
        assert refusal(caught.value) == (400, "quotaExceeded", words)

    def test_without_a_file(self, client: OpenAI) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.post("/files", cast_to=object, body={"purpose": "fine-tune"})

        assert refusal(caught.value) == (400, "invalidPayload", "The file field is required.")

    @pytest.mark.parametrize("seconds", [1_209_599, 2_592_001])
    def test_for_its_expiry(self, client: OpenAI, seconds: int) -> None:
        """14 to 30 days are documented."""
        with pytest.raises(BadRequestError) as caught:
            client.files.create(
                file=("t.jsonl", capitals()),
                purpose="fine-tune",
                expires_after={"anchor": "created_at", "seconds": seconds},
            )

        assert refusal(caught.value)[:2] == (400, "invalidPayload")

    def test_too_large(self, client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
        """512 MB is the documented limit; the test lowers it rather than send as much."""
        assert files.LARGEST == 512_000_000
        monkeypatch.setattr(files, "LARGEST", 10)

        with pytest.raises(APIStatusError) as caught:
            client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

        assert refusal(caught.value) == (413, "invalidPayload", "The maximum allowed size is 512 MB.")
