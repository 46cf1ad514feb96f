"""ARM paths and resource IDs, taken apart. Compared without regard to case, kept as first written."""

from __future__ import annotations

from dataclasses import dataclass

RESOURCES = "Microsoft.Resources"
SUBSCRIPTIONS = f"{RESOURCES}/subscriptions"
GROUPS = f"{RESOURCES}/subscriptions/resourceGroups"


@dataclass(frozen=True)
class ResourceId:
    """One resource, or with `collection` the list of its siblings, or with a POST an action upon it.

    scope       what stands before the last `/providers/`: "" for the tenant, a subscription, a group, a resource
    namespace   "Microsoft.CognitiveServices"; "Microsoft.Resources" for subscriptions and their groups
    types       ("accounts", "deployments")
    names       ("my-account", "my-deployment")
    tail        the last segment where types outnumber names: the type of a list, or the name of an action
    """

    scope: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    tail: str | None = None

    @property
    def type(self) -> str:
        return "/".join((self.namespace, *self.types))

    @property
    def name(self) -> str:
        return self.names[-1]

    @property
    def text(self) -> str:
        pairs = [part for pair in zip(self.types, self.names, strict=True) for part in pair]
        if self.namespace == RESOURCES and self.types[:1] == ("subscriptions",):
            return "/" + "/".join(pairs)
        return "/".join((self.scope, "providers", self.namespace, *pairs))

    @property
    def bare(self) -> ResourceId:
        """The same without its tail: what a list or an action is of."""
        return ResourceId(self.scope, self.namespace, self.types, self.names)

    @property
    def key(self) -> str:
        return self.text.lower()

    @property
    def shape(self) -> str:
        """The form of the path, in lower case and with `*` for names: what a handler is found by."""
        words = [self.namespace]
        for type_ in self.types:
            words += [type_, "*"]
        return "/".join(words if self.tail is None else [*words, self.tail]).lower()

    @property
    def parent(self) -> ResourceId | None:
        """The resource this one is nested in; None at the top."""
        if len(self.types) < 2:
            return None
        return ResourceId(self.scope, self.namespace, self.types[:-1], self.names[:-1])

    def child(self, type_: str, name: str) -> ResourceId:
        return ResourceId(self.scope, self.namespace, (*self.types, type_), (*self.names, name))

    @property
    def subscription(self) -> str | None:
        return _after(self.text, "subscriptions")

    @property
    def group(self) -> str | None:
        """The name of the resource group it is in, or is."""
        return _after(self.scope or self.text, "resourcegroups")


def parse(path: str) -> ResourceId | None:
    """Takes a path of ARM apart; None for one of another form. Segments that ARM itself names get its case."""
    parts = [part for part in path.split("/") if part]
    lowered = [part.lower() for part in parts]
    if "providers" in lowered:
        at = len(parts) - 1 - lowered[::-1].index("providers")
        scope = _scope(parts[:at])
        if at + 2 >= len(parts):  # the providers themselves: all of them, or one by its namespace
            named = tuple(parts[at + 1 :])
            return ResourceId(scope, RESOURCES, ("providers",) if named else (), named, None if named else "providers")
        namespace, rest = parts[at + 1], parts[at + 2 :]
    elif lowered[:1] in (["subscriptions"], ["tenants"]):
        scope, namespace, rest = "", RESOURCES, _scope(parts).strip("/").split("/")
    else:
        return None
    if not rest:
        return None
    tail = rest.pop() if len(rest) % 2 else None
    return ResourceId(scope, namespace, tuple(rest[::2]), tuple(rest[1::2]), tail)


def canonical(identity: ResourceId, type_name: str) -> ResourceId:
    """The same ID with the namespace and types spelt as Azure spells `type_name`."""
    namespace, *types = type_name.split("/")
    return ResourceId(identity.scope, namespace, tuple(types), identity.names)


def within(key: str, scope: str) -> bool:
    """Whether the ID `key` is `scope` or below it."""
    key, scope = key.lower().rstrip("/"), scope.lower().rstrip("/")
    return key == scope or key.startswith(scope + "/")


def _scope(parts: list[str]) -> str:
    named = {"subscriptions": "subscriptions", "resourcegroups": "resourceGroups", "providers": "providers"}
    fixed = [named.get(part.lower(), part) if at % 2 == 0 else part for at, part in enumerate(parts)]
    return "".join(f"/{part}" for part in fixed)


def _after(text: str, word: str) -> str | None:
    parts = text.split("/")
    lowered = [part.lower() for part in parts]
    if word not in lowered or lowered.index(word) + 1 >= len(parts):
        return None
    return parts[lowered.index(word) + 1]
