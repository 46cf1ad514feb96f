"""Rules for files: what may be uploaded, how long processing takes, what they hold. No HTTP here.

Limits: MicrosoftDocs azure-ai-docs, quotas-limits; `MaxUserFileCount` 100 in Azure/azure-cli's recording, 2025-10.
Timing: 2.5 KB took about 5 s in a field report of 2026-08; that it grows with the size is invented.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.openai import errors, learned
from simulator.openai.contents import Received
from simulator.openai.models import Job, StoredFile
from simulator.openai.timeline import settle

if TYPE_CHECKING:
    from simulator.cloud import Cloud

MOST_FILES = 100
LARGEST = 512_000_000
MOST_BYTES = 1_000_000_000
"""Of an account's training files together."""
PURPOSES = frozenset({"fine-tune", "batch", "assistants", "evals", "user_data"})
RESULTS = "fine-tune-results"
PENDING_SECONDS = 2.0
RUNNING_SECONDS = 3.0
BYTES_A_SECOND = 20_000_000
SHORTEST_EXPIRY, LONGEST_EXPIRY = 1_209_600, 2_592_000
NO_JSON = "Validation of jsonl file failed: No valid json line found in file."


@dataclass(frozen=True)
class Upload:
    """A form as it came: absent fields are None."""

    filename: str
    content_type: str | None
    size: int
    purpose: str | None
    expires_after: int | None = None

    @property
    def needs_lines(self) -> bool:
        return self.purpose in ("fine-tune", "batch")


def upload(
    cloud: Cloud, account: str, given: Upload, received: Received, *, lines: bool, largest: int | None = None
) -> StoredFile:
    """Takes a file in; it is `pending` at first. `lines`: whether it holds JSON lines, if it needs any. `largest`:
    bytes that it may have, if others than one that is sent whole."""
    check(cloud, account, given, largest=largest)
    return store(cloud, account, given, received, None if lines else NO_JSON)


def store(cloud: Cloud, account: str, given: Upload, received: Received, fault: str | None) -> StoredFile:
    """Takes it in unchecked. `fault`: why it will end in `error`."""
    state, now = cloud.state.openai, cloud.clock.now().timestamp()
    file = StoredFile(
        id=f"file-{state.new_hex(account, now)}",
        account=account,
        filename=given.filename,
        purpose=str(given.purpose),
        size=received.size,
        created_at=now,
        running_at=now + PENDING_SECONDS,
        settled_at=now + PENDING_SECONDS + RUNNING_SECONDS + received.size / BYTES_A_SECOND,
        content=state.contents.keep(received),
        expires_at=None if given.expires_after is None else int(now) + given.expires_after,
        fault=fault,
    )
    state.files[file.id] = file
    cloud.changed()
    return file


def files_of(cloud: Cloud, account: str, purpose: str | None = None) -> list[StoredFile]:
    """The account's files, oldest first, results of finished jobs among them."""
    _file_results(cloud)
    now = cloud.clock.now().timestamp()
    found = (file for file in cloud.state.openai.files.values() if file.account == account)
    return [f for f in found if (purpose is None or f.purpose == purpose) and not _expired(f, now)]


def find_file(cloud: Cloud, account: str, file_id: str) -> StoredFile:
    found = next((file for file in files_of(cloud, account) if file.id == file_id), None)
    if found is None:
        raise errors.file_absent()
    return found


def delete(cloud: Cloud, account: str, file_id: str) -> StoredFile:
    """Forgets a file. A job that was given it keeps what it holds."""
    file = find_file(cloud, account, file_id)
    state = cloud.state.openai
    del state.files[file.id]
    if file.content is not None:
        state.forget(file.content)
    elif file.results_of is not None:
        state.deleted_results.add(file.id)
    cloud.changed()
    return file


def without_results(cloud: Cloud) -> list[Job]:
    """Jobs that ended well since files were last looked at: their results are not filed yet."""
    settle(cloud)
    state = cloud.state.openai
    known = state.files.keys() | state.deleted_results
    return [job for job in state.jobs.values() if job.status == "succeeded" and results_id(job) not in known]


def results_id(job: Job) -> str:
    """The ID of a finished job's results file, the same whenever it is asked for."""
    return "file-" + hashlib.sha256(f"{job.id}|results".encode()).hexdigest()[:32]


def check(cloud: Cloud, account: str, given: Upload, *, largest: int | None = None) -> None:
    """Refuses a file that can't be taken in."""
    if given.purpose not in PURPOSES:
        raise errors.invalid_purpose()
    if given.needs_lines and not given.filename.lower().endswith(".jsonl"):
        raise errors.wrong_suffix()
    if not (given.content_type or "").strip():
        raise errors.no_content_type()
    if given.size > (LARGEST if largest is None else largest):
        raise errors.file_too_large()
    if given.expires_after is not None and not SHORTEST_EXPIRY <= given.expires_after <= LONGEST_EXPIRY:
        raise errors.invalid_expiry()
    kept = files_of(cloud, account, given.purpose)
    if given.expires_after is None and sum(file.expires_at is None for file in kept) >= MOST_FILES:
        raise errors.too_many_files(MOST_FILES)
    if given.purpose == "fine-tune" and given.size + sum(file.size for file in kept) > MOST_BYTES:
        raise errors.too_many_bytes(MOST_BYTES)


def _file_results(cloud: Cloud) -> None:
    """Puts the results of jobs that ended well beside the other files, unless they were deleted."""
    state = cloud.state.openai
    for job in without_results(cloud):
        file_id, at = results_id(job), job.history[-1].at
        state.files[file_id] = StoredFile(
            id=file_id,
            account=job.account,
            filename="results.csv",
            purpose=RESULTS,
            size=len(learned.results_file(state, job)),
            created_at=at,
            running_at=at,
            settled_at=at,
            results_of=job.id,
        )
        cloud.moved_on()


def _expired(file: StoredFile, now: float) -> bool:
    return file.expires_at is not None and file.expires_at <= now
