"""What the verbs work with: the ports, and which adapter stands behind each. Heavy libraries come with first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.chat_ports import Chat
from jobs.cli.asked import Asked
from jobs.clock import SystemClock
from jobs.doctor_ports import ControlPlane, SignIn
from jobs.monitor_ports import Monitor
from jobs.ports import Blobs, Clock, FineTuning, RemoteBlob, Stack

if TYPE_CHECKING:
    from contract.outputs import AccountOutput, StackOutputs
    from contract.release import Releases
    from jobs.azure.credentials import Credential
    from jobs.tuning.files.referenced import Referenced
    from jobs.tuning.model_folder import References
    from jobs.tuning.patience import Patience


class FiledStack:
    """A stack whose outputs come from Pulumi or a file, and whose releases stand in its stack file. A ``Stack``."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @property
    def name(self) -> str:
        return self._asked.stack

    @cached_property
    def file(self) -> Path:
        from jobs.stacks.stack_file import stack_file

        return stack_file(self._asked.project_folder, self._asked.stack)

    def outputs(self) -> StackOutputs:
        return self._outputs

    @cached_property
    def _outputs(self) -> StackOutputs:
        from jobs.stacks.outputs import read_outputs

        # A stack's name that is none, or a folder without a project, is said before anybody looks for its outputs.
        _ = self.file
        return read_outputs(self._asked.stack, self._asked.project_folder, self._asked.outputs, up=self._asked.up)

    def releases(self) -> dict[str, Releases]:
        from jobs.stacks.stack_file import read_releases

        return read_releases(self.file)

    def record(self, model: str, change: Callable[[Releases], Releases]) -> bool:
        return self._asked.writing.write(self.file, self.name, model, change)

    def obstacle(self) -> str | None:
        return self._asked.writing.obstacle(self.file)


@dataclass
class Surroundings(AbstractContextManager["Surroundings"]):
    """The ports of one command. As a context it closes, at its end, the connections that were opened."""

    stack: Stack
    clock: Clock = field(default_factory=SystemClock)
    _opened: ExitStack = field(default_factory=ExitStack, init=False, repr=False)
    _kept: Credential | None = field(default=None, init=False, repr=False)
    _services: dict[str, FineTuning] = field(default_factory=dict, init=False, repr=False)
    _chats: dict[str, Chat] = field(default_factory=dict, init=False, repr=False)

    def fine_tuning(self, outputs: StackOutputs, account: AccountOutput) -> FineTuning:
        """One for all who ask for that account."""
        from jobs.azure.large_files import LargeFiles

        if account.endpoint not in self._services:
            token = self._credential(outputs).bearer(outputs.environment.token_scope)
            self._services[account.endpoint] = self._opened.enter_context(closing(LargeFiles(account.endpoint, token)))
        return self._services[account.endpoint]

    def chat(self, outputs: StackOutputs, account: AccountOutput) -> Chat:
        """The deployments of that account: one for all who ask for it."""
        from jobs.azure.chat_service import ChatService

        if account.endpoint not in self._chats:
            token = self._credential(outputs).bearer(outputs.environment.token_scope)
            self._chats[account.endpoint] = self._opened.enter_context(closing(ChatService(account.endpoint, token)))
        return self._chats[account.endpoint]

    def blobs(self, outputs: StackOutputs, use: str) -> Blobs:
        """The container for ``use``: ``datasets`` or ``runs``."""
        from jobs.azure.blobs import BlobContainer

        storage = outputs.storage
        container = BlobContainer(storage.blob_endpoint, storage.containers[use], self._credential(outputs))
        return self._opened.enter_context(closing(container))

    def remote_blob(self, outputs: StackOutputs, address: str) -> RemoteBlob:
        """The blob at ``address``, whose host is shown a token: whoever asks has seen to it that it may."""
        from jobs.azure.blobs import BlobReader

        return self._opened.enter_context(closing(BlobReader(address, self._credential(outputs))))

    def referring(self, patience: Patience) -> Callable[[References], Mapping[str, Referenced]]:
        """Looks at the data that a tune.yaml refers to, as far as the stack approves it."""
        from jobs.tuning.files.referenced import Storage

        def refer(references: References) -> Mapping[str, Referenced]:
            outputs = self.stack.outputs()
            storage = Storage(self.stack.name, outputs, partial(self.remote_blob, outputs), patience)
            return storage.referenced(references)

        return refer

    def sign_in(self, authority: str | None) -> SignIn:
        return self._signed_in(authority)

    def control_plane(self, outputs: StackOutputs) -> ControlPlane:
        from jobs.azure.control_plane import Arm

        authority = outputs.environment.authority
        arm = Arm(outputs.subscription_id, authority, self._credential(outputs))
        return self._opened.enter_context(closing(arm))

    def monitor(self, outputs: StackOutputs) -> Monitor:
        from jobs.azure.monitor import ArmMonitor

        made = ArmMonitor(outputs.subscription_id, outputs.environment.authority, self._credential(outputs))
        return self._opened.enter_context(closing(made))

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _credential(self, outputs: StackOutputs) -> Credential:
        return self._signed_in(outputs.environment.authority)

    def _signed_in(self, authority: str | None) -> Credential:
        if self._kept is None:
            from jobs.azure.credentials import Credential

            self._kept = self._opened.enter_context(closing(Credential(authority)))
        return self._kept


def surroundings(asked: Asked) -> Surroundings:
    """The real ones. Tests put their own in its place."""
    return Surroundings(FiledStack(asked))
