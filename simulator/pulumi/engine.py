"""The decisions of an up without the CLI: what becomes of each declared resource, and of those no longer declared.

One resource at a time, in the order in which the program's registrations arrive, which is after everything each of them
depends on. What happened is saved after every change. After the first fault nothing is started any more,
but for deletions that have nothing to do with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from simulator.pulumi import refusals
from simulator.pulumi.arm_client import ArmError
from simulator.pulumi.diff import Diff, differences, ignoring
from simulator.pulumi.provider import (
    FAULTS,
    PACKAGE,
    PROVIDER_TYPE,
    PartlyCreated,
    Provider,
    expected_outputs,
    with_secrets,
)
from simulator.pulumi.references import referenced
from simulator.pulumi.state import Held, StackFolder, StackState, deletion_order
from simulator.pulumi.summary import GONE, Did, Failed, Step, Summary
from simulator.pulumi.values import UNKNOWN, Properties

CHANGED_OUTSIDE = "changed outside of Pulumi"
MADE_AGAIN = "it had failed"


@dataclass(frozen=True)
class Declared:
    """One registration: the resource as the program wants it, with the options that matter here."""

    held: Held
    aliases: tuple[str, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    secret_outputs: tuple[str, ...] = ()
    import_id: str = ""
    patience: float = 0.0


@dataclass
class Engine:
    """One run over one stack.

    provider_of   the provider for a config (`azure-native:…`, or the inputs of an explicit one)
    preview       nothing is written, neither to Azure nor to the file of the state; all refusals are collected
    adopted       name → ID: what is taken over as it stands in Azure, where the state doesn't have it yet
    admit         is shown each resource before it is made or changed, and may refuse it (raises Failed)
    report        hears of each step as it ends
    declared      everything that was registered, with the inputs as checked
    """

    state: StackState
    folder: StackFolder
    provider_of: Callable[[Mapping[str, Any]], Provider]
    config: Mapping[str, Any]
    preview: bool = False
    adopted: Mapping[str, str] = field(default_factory=dict)
    admit: Callable[[Held], None] = lambda _: None
    report: Callable[[Step], None] = lambda _: None
    summary: Summary = field(default_factory=Summary)
    steps: list[Step] = field(default_factory=list)
    declared: list[Held] = field(default_factory=list)
    _registered: set[str] = field(default_factory=set)
    _replaced: set[str] = field(default_factory=set)
    _refused: list[str] = field(default_factory=list)
    _explicit: dict[str, Properties] = field(default_factory=dict)

    def begin(self) -> None:
        """Takes up what a run that was interrupted left half done."""
        for intended in self.state.pending:
            found = self._provider(intended).read(intended.type, intended.id, intended.inputs)
            if found is not None and self.state.find(intended.urn) is None:
                self.state.put(replace(intended, outputs=with_secrets(intended.inputs, found.outputs)))
        self.state.pending.clear()
        self.save()

    def ahead(self) -> Self:
        """An engine that previews what this one is about to do, on a copy of its state."""
        return type(self)(
            self.state.copied(), self.folder, self.provider_of, self.config, preview=True, adopted=self.adopted
        )

    def take_over(self, seen: Engine) -> None:
        """Records what a preview saw that found nothing to change."""
        self.state.resources[:] = seen.state.resources
        self.summary, self.steps = seen.summary, seen.steps
        for step in self.steps:
            self.report(step)

    def register(self, declared: Declared) -> Held:
        """Brings one declared resource about; as it then is."""
        held = declared.held
        if held.urn in self._registered:
            raise Failed(f"Duplicate resource URN '{held.urn}'; try giving it a unique name")
        self._registered.add(held.urn)
        old = self._known(declared)
        if held.type == PROVIDER_TYPE:
            return self._keep(old, replace(held, id=_provider_id(held.urn), outputs=dict(held.inputs)))
        if not held.custom or held.type.startswith("pulumi:"):
            return self._keep(old, held)
        if not held.type.startswith(f"{PACKAGE}:"):
            raise Failed(f"{held.urn}: {held.type} is not simulated, only {PACKAGE} is")
        provider = self._provider(held)
        olds = old.inputs if old else None
        held = replace(
            held, inputs=ignoring(declared.ignore_changes, olds, provider.check(held.type, held.urn, held.inputs, olds))
        )
        self.declared.append(held)
        if not self.preview:
            self.admit(held)
        if old is None:
            old = self._existing(provider, held, declared)
        if old is None:
            return self._create(provider, held, declared, "created" if held.urn not in self._replaced else "replaced")
        return self._reconcile(provider, old, held, declared)

    def finish(self) -> None:
        """Deletes what was replaced and what is no longer declared, one at a time, each before what it leans on.

        In a preview: raises Failed with everything that was refused.
        """
        if unknown := sorted(set(self.adopted) - {held.name for held in self.declared}):
            self._refuse([f"nothing of the name {name} is declared: it can't be imported" for name in unknown])
        doomed = [held for held in self.state.resources if held.doomed or held.urn not in self._registered]
        self._refuse([refusals.protected(held, "deleted") for held in doomed if held.protect and not held.doomed])
        if self._refused:
            raise Failed(refusals.together(self._refused))
        self._remove(doomed)
        self.save()

    def save(self) -> None:
        if not self.preview:
            self.folder.save(self.state)

    def read(self, token: str, resource_id: str, provider_ref: str, secret: tuple[str, ...] = ()) -> Properties:
        """The outputs of a resource that is somebody else's (Resource.get). Raises Failed where there is none."""
        found = self._by_reference(provider_ref).read(token, resource_id)
        if found is None:
            raise Failed(f"resource '{resource_id}' does not exist")
        return with_secrets({}, found.outputs, secret)

    def referenced(self, name: str, project: str) -> Properties:
        """The outputs of a stack reference. Raises Failed."""
        return referenced(name, self.state, project, self.folder)

    def invoke(self, token: str, provider_ref: str, arguments: Mapping[str, Any]) -> Properties:
        return self._by_reference(provider_ref).invoke(token, arguments)

    def _known(self, declared: Declared) -> Held | None:
        """The resource as recorded, under this or a former name."""
        for urn in (declared.held.urn, *declared.aliases):
            old = self.state.find(urn)
            if old is not None and (urn == declared.held.urn or urn not in self._registered):
                if urn != declared.held.urn:
                    self.state.rename(old, declared.held.urn)
                return self.state.find(declared.held.urn)
        return None

    def _keep(self, old: Held | None, held: Held) -> Held:
        """A resource without a counterpart in Azure: a component, the stack, a provider."""
        self.state.put(held)
        if held.type == PROVIDER_TYPE:
            self._explicit[held.urn] = held.inputs
        if old is None:
            self._tell("created", held)
        else:
            changed = held.custom and next(differences(old.inputs, held.inputs), None) is not None
            self._tell("updated" if changed else "unchanged", held)
        return held

    def _existing(self, provider: Provider, held: Held, declared: Declared) -> Held | None:
        """What stands in Azure already and is taken over: adopted to be set right, imported only if it is right."""
        resource_id = declared.import_id or self.adopted.get(held.name, "")
        if not resource_id:
            return None
        found = provider.read(held.type, resource_id)
        if found is None:
            raise Failed(f"{held.urn}: there is no resource {resource_id} to import")
        if declared.import_id and (other := provider.diff(held.type, found.inputs, held.inputs)):
            paths = ", ".join(change.path for change in other.changes)
            raise Failed(f"{held.urn}: inputs to import do not match the existing resource: {paths}")
        return replace(held, id=found.id, inputs=found.inputs, outputs=found.outputs)

    def _reconcile(self, provider: Provider, old: Held, held: Held, declared: Declared) -> Held:
        """A resource that is recorded: read, compared, and changed as far as it has to be."""
        found = provider.read(old.type, old.id, old.inputs, old.outputs)
        if found is None:
            self.state.drop(old)
            return self._create(provider, held, declared, "created", note=GONE)
        drifted = next(differences(old.inputs, found.inputs), None) is not None
        failed = _failed(found.outputs)
        note = MADE_AGAIN if failed else CHANGED_OUTSIDE if drifted else ""
        diff = provider.diff(held.type, found.inputs, held.inputs, replace_on=declared.replace_on_changes)
        outputs = with_secrets(held.inputs, found.outputs, declared.secret_outputs)
        current = replace(old, inputs=found.inputs, outputs=outputs)
        if diff.replaces:
            return self._replace(provider, current, held, declared, diff)
        if not diff and not failed:
            standing = replace(held, id=old.id, outputs=outputs)
            self.state.put(standing)
            self._tell("unchanged", held)
            return standing
        if self.preview:
            outputs = expected_outputs(held.type, held.inputs, found.outputs)
        else:
            self._store(replace(current, protect=held.protect))
            try:
                outputs = provider.update(held.type, old.id, held.inputs, patience=declared.patience)
            except PartlyCreated as partly:
                self._store(replace(current, outputs=partly.outputs))
                raise
        changed = replace(held, id=old.id, outputs=with_secrets(held.inputs, outputs, declared.secret_outputs))
        self._store(changed)
        self._tell("updated", held, note, diff)
        return changed

    def _create(
        self, provider: Provider, held: Held, declared: Declared, did: Did, *, note: str = "", diff: Diff | None = None
    ) -> Held:
        if self.preview:
            expected = replace(held, id="", outputs=expected_outputs(held.type, held.inputs))
            self.state.put(expected)
            self._tell(did, held, note, diff)
            return expected
        resource_id = provider.id_of_inputs(held.type, held.inputs)
        intended = replace(held, id=resource_id)
        self.state.pending.append(intended)
        self.save()
        try:
            found = provider.create(held.type, held.inputs, patience=declared.patience)
        except PartlyCreated as partly:
            self._settle(intended)
            self._store(replace(intended, outputs=with_secrets(held.inputs, partly.outputs)))
            raise
        except Exception as fault:
            # What may stand all the same is looked for when the next run begins.
            if not (isinstance(fault, ArmError) and fault.may_stand):
                self._settle(intended)
            self.save()
            raise
        made = replace(intended, outputs=with_secrets(held.inputs, found.outputs, declared.secret_outputs))
        self._settle(intended)
        self._store(made)
        self._tell(did, held, note, diff)
        return made

    def _replace(self, provider: Provider, old: Held, held: Held, declared: Declared, diff: Diff) -> Held:
        """Another resource in the place of one: the old one goes before where both can't be, else at the end."""
        # As the CLI: one up may take the protection off and replace.
        if old.protect and held.protect:
            self._refuse([refusals.protected(old, f"replaced (forced by {', '.join(diff.forcing)})")])
        before = diff.delete_before_replace
        if declared.delete_before_replace is not None:
            before = before or declared.delete_before_replace
        if before:
            self._clear_the_way(old)
        else:
            self.state.resources[:] = [replace(h, doomed=True) if h.urn == old.urn else h for h in self.state.resources]
        return self._create(provider, held, declared, "replaced", diff=diff)

    def _clear_the_way(self, old: Held) -> None:
        """Deletes a resource, and before it those that can't stay when it is replaced: they follow in their turn."""
        following = self._replaced_along(old)
        self._refuse(
            [refusals.protected(held, f"replaced along with {old.name}") for held in following if held.protect]
        )
        for dependent in following:
            self._replaced.add(dependent.urn)
            self._delete(dependent)
        self._delete(old)

    def _replaced_along(self, old: Held) -> list[Held]:
        """The dependents some input of which forces a replacement when it isn't known what the new one will tell."""
        gone = {old.urn}
        follow: list[Held] = []
        for held in reversed(self.state.dependents(old.urn)):
            if not held.custom or not held.type.startswith(f"{PACKAGE}:"):
                continue
            fed = [name for name, urns in held.property_dependencies.items() if gone & set(urns)]
            news = {**held.inputs, **dict.fromkeys(fed, UNKNOWN)}
            if self._provider(held).diff(held.type, held.inputs, news).replaces:
                gone.add(held.urn)
                follow.append(held)
        return deletion_order(follow)

    def _remove(self, doomed: list[Held]) -> None:
        """Where one is refused, the others that it doesn't need go all the same: the CLI deletes them beside it."""
        going = {held.urn for held in doomed if not held.doomed}
        needed: set[str] = set()
        refused: Exception | None = None
        for held in deletion_order(doomed):
            try:
                if held.urn not in needed:
                    self._delete(held, with_owner=held.deleted_with in going)
                    if not held.doomed:
                        self._tell("deleted", held, "retained in Azure" if held.retain_on_delete else "")
                    continue
            except FAULTS as fault:
                refused = refused or fault
            needed |= held.leans_on()
        if refused is not None:
            raise refused

    def _delete(self, held: Held, *, with_owner: bool = False) -> None:
        real = held.custom and held.type.startswith(f"{PACKAGE}:")
        if real and not held.retain_on_delete and not with_owner and not self.preview:
            self._provider(held).delete(held.type, held.id)
        self.state.drop(held)
        self.save()

    def _refuse(self, faults: list[str]) -> None:
        """A preview goes on, to tell all of them together; an up stops."""
        self._refused += faults
        if self._refused and not self.preview:
            raise Failed(refusals.together(self._refused))

    def _provider(self, held: Held) -> Provider:
        return self._by_reference(held.provider)

    def _by_reference(self, reference: str) -> Provider:
        urn = reference.rpartition("::")[0]
        explicit = self._explicit.get(urn)
        if explicit is None and (recorded := self.state.find(urn)) is not None:
            explicit = recorded.inputs  # Of a resource that is no longer declared, nor is its provider.
        return self.provider_of(self.config if explicit is None else {**self.config, **explicit})

    def _store(self, held: Held) -> None:
        self.state.put(held)
        self.save()

    def _settle(self, intended: Held) -> None:
        self.state.pending[:] = [held for held in self.state.pending if held is not intended]

    def _tell(self, did: Did, held: Held, note: str = "", diff: Diff | None = None) -> None:
        step = Step(did, held.type, held.name, note, diff.paths if diff else (), diff.forcing if diff else ())
        if self.preview and (lost := refusals.lost_by(step)):
            step = replace(step, note=f"{lost}: an up wants --replace")
        self.summary.count(did)
        self.steps.append(step)
        self.report(step)


def _failed(outputs: Properties) -> bool:
    """Whether a resource stands that Azure has given up on: written again it may succeed."""
    inner = outputs.get("properties")
    told = inner if isinstance(inner, Mapping) and "provisioningState" in inner else outputs
    return told.get("provisioningState") == "Failed"


def _provider_id(urn: str) -> str:
    """An explicit provider's ID; the CLI draws one, here the same URN has the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, urn))
