"""Files of any size in one Azure OpenAI account: what is fetched from a blob, and what comes in parts.

Both are of the dated form of the data plane, which the library speaks as ``AzureOpenAI``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property

import httpx2
from openai import AzureOpenAI

from jobs.azure import wire
from jobs.azure.account_client import AccountClient
from jobs.azure.answers import wish
from jobs.azure.openai_service import TIMEOUT, UPLOAD_TIMEOUT, OpenAIService, json_object, translated
from jobs.errors import CloudFailed
from jobs.ports import OpenUpload, Secret, StoredFile

API_VERSION = "2024-10-21"
"""Generally available, with files/import and uploads (Azure OpenAI specification; REST reference, "Upload File")."""
_MIME_TYPE = "application/jsonl"


class LargeFiles(OpenAIService):
    """The account with all of its files. A ``FineTuning``."""

    def __init__(self, endpoint: str, token: Callable[[], str]) -> None:
        super().__init__(endpoint, token)
        self._endpoint, self._token = endpoint, token
        self._opened = ExitStack()

    @cached_property
    def _dated(self) -> AzureOpenAI:
        client = AzureOpenAI(
            azure_endpoint=self._endpoint.rstrip("/"),
            api_version=API_VERSION,
            azure_ad_token_provider=self._token,
            max_retries=0,
            timeout=TIMEOUT,
            http_client=AccountClient(self._token),
        )
        return self._opened.enter_context(client)

    def close(self) -> None:
        super().close()
        self._opened.close()

    def import_blob(self, address: Secret, filename: str) -> StoredFile:
        body = {"purpose": "fine-tune", "filename": filename, "content_url": address.value}
        try:
            with translated(f"{filename} cannot be imported into the account", effect=True):
                answer = self._dated.post("/files/import", body=body, cast_to=httpx2.Response)
                return wire.stored_file(json_object(answer), next_poll=wish(answer.headers))
        except CloudFailed as failed:
            # The service may repeat what it was given; so may the library's error, which is not kept for that.
            failed.details = tuple(address.kept_from(each) for each in failed.details)
            raise failed from None

    def open_upload(self, filename: str, size: int) -> OpenUpload:
        with translated(f"{filename} cannot be uploaded to the account in parts"):
            answer = self._dated.uploads.with_raw_response.create(
                bytes=size, filename=filename, mime_type=_MIME_TYPE, purpose="fine-tune"
            )
            return wire.open_upload(json_object(answer.http_response))

    def add_part(self, upload_id: str, content: bytes) -> str:
        with translated(f"a part of upload {upload_id} cannot be sent"):
            answer = self._dated.uploads.parts.with_raw_response.create(upload_id, data=content, timeout=UPLOAD_TIMEOUT)
            return wire.part_id(json_object(answer.http_response))

    def complete_upload(self, upload_id: str, part_ids: Sequence[str], md5: str) -> StoredFile:
        with translated(f"upload {upload_id} cannot be completed", effect=True):
            answer = self._dated.uploads.with_raw_response.complete(
                upload_id, part_ids=list(part_ids), md5=md5, timeout=UPLOAD_TIMEOUT
            )
            return wire.stored_file(json_object(answer.http_response)["file"])
