"""Role assignments and management locks."""

from __future__ import annotations

from simulator.pulumi.resource_types import ResourceType

ROLE_ASSIGNMENT = ResourceType(
    token="azure-native:authorization:RoleAssignment",
    kind="Microsoft.Authorization/roleAssignments",
    path="/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    api_version="2022-04-01",
    properties=(
        "condition", "conditionVersion", "delegatedManagedIdentityResourceId", "description", "principalId",
        "principalType", "roleDefinitionId",
    ),
    # principalId and scope by the provider; the others by Azure, which lets nothing but description and condition of an
    # assignment be changed (RoleAssignmentUpdateNotPermitted; that all three are covered: memory).
    replaced_by=("principalId", "principalType", "roleDefinitionId", "delegatedManagedIdentityResourceId"),
)  # fmt: skip

MANAGEMENT_LOCK = ResourceType(
    token="azure-native:authorization:ManagementLockByScope",
    kind="Microsoft.Authorization/locks",
    path="/{scope}/providers/Microsoft.Authorization/locks/{lockName}",
    api_version="2020-05-01",
    properties=("level", "notes", "owners"),
)

TYPES = (
    ROLE_ASSIGNMENT,
    MANAGEMENT_LOCK,
)
