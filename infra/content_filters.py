"""The content filters of one account, and the blocklists they use.

How a filter is written: Microsoft Learn, "Rai Policies - Create Or Update"; that Azure names the harms and shields so:
the same page's sample, and the content filter page for Indirect Attack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import cognitiveservices

from contract.config.content_filters import Action, Blocklist, ContentFilter, HarmThresholds

BASE_POLICY = "Microsoft.DefaultV2"
"""What holds for everything that a filter doesn't say."""
_HARMS = {"hate": "Hate", "sexual": "Sexual", "violence": "Violence", "selfharm": "Selfharm"}


@dataclass(frozen=True)
class ContentFiltersArgs:
    resource_group_name: pulumi.Input[str]
    account_name: pulumi.Input[str]
    filters: Mapping[str, ContentFilter]
    blocklists: Mapping[str, Blocklist]
    """Those that the filters name."""
    after: Sequence[pulumi.Resource] = ()
    """What else is done in this account, and goes first."""


class ContentFilters(pulumi.ComponentResource):
    """Content filters, each depending on all earlier ones: an account's children change one at a time."""

    names: dict[str, pulumi.Output[str]]
    """Name as asked for → name as Azure has it, known once the filter is there."""
    policies: list[pulumi.Resource]

    def __init__(self, name: str, args: ContentFiltersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:ContentFilters", name, None, opts)
        lists = {key: self._blocklist(name, args, key, each) for key, each in sorted(args.blocklists.items())}
        self.names = {}
        self.policies = []
        for key, each in sorted(args.filters.items()):
            policy = cognitiveservices.RaiPolicy(
                f"{name}/{key}",
                rai_policy_name=key,
                account_name=args.account_name,
                resource_group_name=args.resource_group_name,
                properties=cognitiveservices.RaiPolicyPropertiesArgs(
                    base_policy_name=BASE_POLICY,
                    mode=each.mode,
                    content_filters=list(content_filters(each)),
                    custom_blocklists=[
                        cognitiveservices.CustomBlocklistConfigArgs(
                            blocklist_name=lists[blocklist], blocking=True, source=source
                        )
                        for source, named in (
                            ("Prompt", each.prompt_blocklists),
                            ("Completion", each.completion_blocklists),
                        )
                        for blocklist in named
                    ],
                ),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[*args.after, *self.policies]),
            )
            self.policies.append(policy)
            self.names[key] = policy.name
        self.register_outputs({"names": self.names})

    def _blocklist(self, name: str, args: ContentFiltersArgs, key: str, blocklist: Blocklist) -> pulumi.Output[str]:
        made = cognitiveservices.RaiBlocklist(
            f"{name}/{key}",
            rai_blocklist_name=key,
            account_name=args.account_name,
            resource_group_name=args.resource_group_name,
            properties=cognitiveservices.RaiBlocklistPropertiesArgs(description=blocklist.description),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        for term, blocked in sorted(blocklist.terms.items()):
            cognitiveservices.RaiBlocklistItem(
                f"{name}/{key}/{term}",
                rai_blocklist_item_name=term,
                rai_blocklist_name=made.name,
                account_name=args.account_name,
                resource_group_name=args.resource_group_name,
                properties=cognitiveservices.RaiBlocklistItemPropertiesArgs(
                    pattern=blocked.pattern, is_regex=blocked.regex
                ),
                opts=pulumi.ResourceOptions(parent=self),
            )
        return made.name


def content_filters(config: ContentFilter) -> Iterator[cognitiveservices.RaiPolicyContentFilterArgs]:
    """Every filter there is, on or off, so that nothing depends on what the base policy has."""
    yield from _harms(config.prompt, "Prompt")
    yield from _harms(config.completion, "Completion")
    yield _shield("Jailbreak", config.jailbreak, "Prompt")
    yield _shield("Indirect Attack", config.indirect_attack, "Prompt")
    yield _shield("Protected Material Text", config.protected_text, "Completion")
    yield _shield("Protected Material Code", config.protected_code, "Completion")


def _harms(thresholds: HarmThresholds, source: str) -> Iterator[cognitiveservices.RaiPolicyContentFilterArgs]:
    for field, name in _HARMS.items():
        threshold = getattr(thresholds, field)
        on = threshold != "off"
        yield cognitiveservices.RaiPolicyContentFilterArgs(
            name=name,
            enabled=on,
            blocking=on,
            # One that is off has a threshold all the same, in Azure's samples.
            severity_threshold=threshold.capitalize() if on else "High",
            source=source,
        )


def _shield(name: str, action: Action, source: str) -> cognitiveservices.RaiPolicyContentFilterArgs:
    return cognitiveservices.RaiPolicyContentFilterArgs(
        name=name, enabled=action != "off", blocking=action == "block", source=source
    )
