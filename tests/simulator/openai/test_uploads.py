"""Large files in parts, through the openai client. Forms and limits: the specification 2024-10-21, "Upload File"."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from openai import APIStatusError, AzureOpenAI, DefaultHttpxClient, OpenAI

from tests.simulator.openai.conftest import Tenancy, capitals
from tests.simulator.openai.test_files import refusal

WHOLE = capitals()
HALF = len(WHOLE) // 2
MD5 = hashlib.md5(WHOLE, usedforsecurity=False).hexdigest()


@pytest.fixture
def dated(tenancy: Tenancy, client: OpenAI) -> Iterator[AzureOpenAI]:
    """The trainer's client of the dated form."""
    with AzureOpenAI(
        azure_endpoint=tenancy.endpoint.removesuffix("openai/v1/"),
        api_version="2024-10-21",
        azure_ad_token_provider=client._api_key_provider or (lambda: str(client.api_key)),
        max_retries=0,
        http_client=DefaultHttpxClient(),
    ) as made:
        yield made


def started(dated: AzureOpenAI, size: int = len(WHOLE), **changes: Any) -> str:
    given: dict[str, Any] = {
        "bytes": size,
        "filename": "t.jsonl",
        "mime_type": "application/jsonl",
        "purpose": "fine-tune",
    }
    return dated.uploads.create(**(given | changes)).id


def refused(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(APIStatusError) as caught:
        call()
    return refusal(caught.value)[:2]


class TestAnUpload:
    def test_becomes_the_file_whose_parts_it_got_in_the_order_that_is_told_at_last(
        self, tenancy: Tenancy, dated: AzureOpenAI, client: OpenAI
    ) -> None:
        upload = started(dated)
        behind = dated.uploads.parts.create(upload, data=WHOLE[HALF:])
        ahead = dated.uploads.parts.create(upload, data=WHOLE[:HALF])
        done = dated.uploads.complete(upload, part_ids=[ahead.id, behind.id], md5=MD5)

        assert (done.status, done.bytes) == ("completed", len(WHOLE))
        assert done.file is not None
        assert client.files.content(done.file.id).content == WHOLE
        assert [file.id for file in client.files.list()] == [done.file.id]
        tenancy.simulator.clock.advance(60)
        assert client.files.retrieve(done.file.id).status == "processed"
        # Nothing of the parts is left beside the file.
        assert tenancy.simulator.cloud.state.openai.contents.digests() == {hashlib.sha256(WHOLE).hexdigest()}

    def test_takes_blocks_for_parts_as_azures_example_does(self, dated: AzureOpenAI) -> None:
        upload = started(dated)
        part = dated.uploads.parts.create(upload, data=WHOLE)
        block = (part.model_extra or {})["azure_block_id"]

        assert dated.uploads.complete(upload, part_ids=[block]).status == "completed"

    def test_lives_two_hours(self, tenancy: Tenancy, dated: AzureOpenAI) -> None:
        made = dated.uploads.create(bytes=5, filename="t.jsonl", mime_type="application/jsonl", purpose="fine-tune")
        dated.uploads.parts.create(made.id, data=b"12345")
        tenancy.simulator.clock.advance(7200)

        assert (made.status, made.expires_at - made.created_at) == ("pending", 7200)
        assert refused(lambda: dated.uploads.parts.create(made.id, data=b"1")) == (400, "unexpectedEntityState")
        started(dated)
        assert tenancy.simulator.cloud.state.openai.contents.digests() == set()

    def test_takes_nothing_after_its_end(self, dated: AzureOpenAI) -> None:
        upload = started(dated)
        part = dated.uploads.parts.create(upload, data=WHOLE)
        dated.uploads.complete(upload, part_ids=[part.id])
        given_up = started(dated)

        assert dated.uploads.cancel(given_up).status == "cancelled"
        for call in (
            lambda: dated.uploads.complete(upload, part_ids=[part.id]),
            lambda: dated.uploads.cancel(upload),
            lambda: dated.uploads.parts.create(given_up, data=b"1"),
        ):
            assert refused(call) == (400, "unexpectedEntityState")

    def test_is_refused_what_is_not_its_own_or_not_whole(self, dated: AzureOpenAI) -> None:
        upload = started(dated)
        half = dated.uploads.parts.create(upload, data=WHOLE[:HALF])
        rest = dated.uploads.parts.create(upload, data=WHOLE[HALF:])

        for part_ids, md5 in (
            ([half.id], MD5),
            ([half.id, half.id], MD5),
            ([half.id, "uplprt-0"], MD5),
            ([], MD5),
            ([rest.id, half.id], MD5),
        ):
            assert refused(partial(dated.uploads.complete, upload, part_ids=part_ids, md5=md5)) == (
                400,
                "invalidPayload",
            )
        assert refused(lambda: dated.uploads.complete("fine-tune-0", part_ids=[half.id])) == (404, "notFound")
        coded = base64.b64encode(bytes.fromhex(MD5)).decode()
        assert dated.uploads.complete(upload, part_ids=[half.id, rest.id], md5=coded).status == "completed"

    @pytest.mark.parametrize(
        ("changes", "answer"),
        [
            ({"bytes": 9_000_000_001}, (400, "invalidPayload")),
            ({"filename": "t.txt"}, (400, "invalidPayload")),
            ({"purpose": "nothing"}, (400, "invalidPayload")),
        ],
    )
    def test_that_could_become_no_file_is_not_started(
        self, dated: AzureOpenAI, changes: dict[str, Any], answer: tuple[int, str]
    ) -> None:
        """More than 9 GB, and what is refused of any file."""
        assert refused(lambda: started(dated, **changes)) == answer

    def test_needs_a_version_that_has_it(self, dated: AzureOpenAI) -> None:
        unknown = dated.copy(api_version="2020-01-01")

        assert refused(lambda: started(unknown)) == (400, "BadRequest")

    def test_outlives_the_process(self, dated: AzureOpenAI, tenancy: Tenancy) -> None:
        """Its parts are named by the state: what a restarted simulator finds unnamed it throws away."""
        upload = started(dated)
        dated.uploads.parts.create(upload, data=WHOLE[:HALF])
        state = tenancy.simulator.cloud.state.openai

        assert hashlib.sha256(WHOLE[:HALF]).hexdigest() in state.named()
        assert type(state).model_validate_json(state.model_dump_json()).uploads == state.uploads
