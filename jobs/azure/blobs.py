"""One container of the stack's storage account: the only import of ``azure.storage``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient, ContentSettings

from jobs.azure.core_errors import translated
from jobs.azure.credentials import Credential


class BlobContainer:
    """The container ``container`` under ``endpoint``, ``https://<account>.blob.core.windows.net/``. A ``Blobs``."""

    def __init__(self, endpoint: str, container: str, credential: Credential) -> None:
        with translated(f"{endpoint} cannot be used as a blob endpoint"):
            service = BlobServiceClient(
                endpoint.rstrip("/"),
                credential=cast("Any", credential),  # A credential by its methods, not by its type.
                # jobs.tuning.patience asks again, by our clock.
                retry_total=0,
                connection_timeout=10,
                read_timeout=60,
            )
            self._service = service
            self._container = service.get_container_client(container)

    def close(self) -> None:
        self._service.close()

    def look(self) -> None:
        with translated("the blobs of the storage cannot be listed"):
            next(self._container.list_blobs(results_per_page=1), None)

    def put_once(self, name: str, path: Path) -> bool:
        with translated(f"{path} cannot be stored as blob {name}"), path.open("rb") as stream:
            try:
                self._container.upload_blob(
                    name,
                    stream,
                    length=path.stat().st_size,
                    # overwrite=False asks with If-None-Match: *
                    overwrite=False,
                    content_settings=ContentSettings(content_type="application/jsonl"),
                )
            except ResourceExistsError:
                return False
            return True
