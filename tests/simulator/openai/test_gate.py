"""Who is let in to the data plane, and how the others are refused. Words: the documents named in errors.py."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from openai import APIStatusError, AuthenticationError, NotFoundError, OpenAI, PermissionDeniedError

from simulator.arm.models import account_keys
from simulator.entra.models import SEEDED
from simulator.entra.tokens import access_token
from tests.simulator.openai.conftest import SCOPE, Tenancy, capitals

Make = Callable[..., OpenAI]
TOKEN_WORDS = (
    "Unauthorized. Access token is missing, invalid, audience is incorrect "
    "(https://cognitiveservices.azure.com), or have expired."
)


def refusal(problem: APIStatusError) -> tuple[int, str, str]:
    error = json.loads(problem.response.content)["error"]
    return problem.status_code, error["code"], error["message"]


class TestATokenIsAccepted:
    @pytest.mark.parametrize("scope", [SCOPE, "https://ai.azure.com/.default"])
    def test_for_either_documented_scope(self, client_of: Make, scope: str) -> None:
        """The v1 specification names one audience, the newer pages the other: both are let in."""
        assert list(client_of("trainer", scope).files.list()) == []


class TestATokenIsRefused:
    def ask(self, client_of: Make, token: str) -> AuthenticationError:
        with pytest.raises(AuthenticationError) as caught:
            client_of(api_key=token).files.list()
        return caught.value

    def test_garbled(self, client_of: Make) -> None:
        """The body has statusCode and message, and no error object."""
        problem = self.ask(client_of, "not.a.token")

        assert json.loads(problem.response.content) == {"statusCode": 401, "message": TOKEN_WORDS}

    def test_for_another_audience(self, tenancy: Tenancy, client_of: Make) -> None:
        """A token for ARM is none for the data plane."""
        token = access_token(tenancy.simulator.cloud, SEEDED["trainer"], "https://management.azure.com")

        assert json.loads(self.ask(client_of, token).response.content)["message"] == TOKEN_WORDS

    def test_expired(self, tenancy: Tenancy, client_of: Make) -> None:
        """A token of yesterday is refused in the same words."""
        token = access_token(
            tenancy.simulator.cloud,
            SEEDED["trainer"],
            "https://cognitiveservices.azure.com",
            issued_at=time.time() - 86_400,
        )

        assert json.loads(self.ask(client_of, token).response.content)["statusCode"] == 401

    def test_at_the_regional_endpoint(self, tenancy: Tenancy, client_of: Make) -> None:
        """Without a custom subdomain only keys are taken."""
        base_url = f"{tenancy.simulator.url}/swedencentral.api.cognitive.microsoft.com/openai/v1/"

        with pytest.raises(APIStatusError) as caught:
            client_of(base_url=base_url).files.list()

        assert refusal(caught.value) == (
            400,
            "BadRequest",
            "Please provide a custom subdomain for token authentication, otherwise API key is required.",
        )


class TestAPrincipalWithoutTheDataAction:
    def test_may_not_ask(self, tenancy: Tenancy, client_of: Make) -> None:
        """401 PermissionDenied, with the principal, the action and the operation in backticks."""
        tenancy.deploy("chat", "gpt-4.1-mini", "2025-04-14")

        with pytest.raises(AuthenticationError) as caught:
            client_of("stranger").chat.completions.create(model="chat", messages=[{"role": "user", "content": "Hi"}])

        assert refusal(caught.value) == (
            401,
            "PermissionDenied",
            (
                f"The principal `{SEEDED['stranger'].object_id}` lacks the required data action "
                "`Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action` to perform "
                "`POST /openai/deployments/{deployment-id}/chat/completions` operation."
            ),
        )

    def test_may_read_and_not_tune_as_a_user(self, client_of: Make) -> None:
        """Cognitive Services OpenAI User sees files and models, and uploads nothing."""
        caller = client_of("caller")

        assert list(caller.files.list()) == []
        with pytest.raises(AuthenticationError) as caught:
            caller.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        assert refusal(caught.value)[1] == "PermissionDenied"


class TestAKey:
    def test_opens(self, tenancy: Tenancy, client_of: Make) -> None:
        """The openai client sends a key as bearer; the account's key1 is let in so."""
        key, _ = account_keys(tenancy.simulator.cloud, tenancy.account)

        assert list(client_of(api_key=key).files.list()) == []

    def test_opens_the_regional_endpoint(self, tenancy: Tenancy, client_of: Make) -> None:
        """There a key stands for the account."""
        _, key = account_keys(tenancy.simulator.cloud, tenancy.account)
        base_url = f"{tenancy.simulator.url}/swedencentral.api.cognitive.microsoft.com/openai/v1/"

        client = client_of(base_url=base_url, default_headers={"api-key": key})

        assert list(client.files.list()) == []

    def test_at_the_regional_endpoint_of_an_account_behind_rules(self, tenancy: Tenancy, client_of: Make) -> None:
        """403: the words point to the account's own endpoint."""
        tenancy.account.properties["networkAcls"] = {"defaultAction": "Deny"}
        key, _ = account_keys(tenancy.simulator.cloud, tenancy.account)
        base_url = f"{tenancy.simulator.url}/swedencentral.api.cognitive.microsoft.com/openai/v1/"

        with pytest.raises(PermissionDeniedError) as caught:
            client_of(base_url=base_url, default_headers={"api-key": key}).files.list()

        assert refusal(caught.value) == (
            403,
            "403",
            (
                "A Virtual Network is configured for this resource. Please use the correct endpoint for making "
                "requests. Check https://aka.ms/cogsvc-vnet for more details."
            ),
        )

    def test_that_is_wrong_at_the_regional_endpoint(self, tenancy: Tenancy, client_of: Make) -> None:
        """No account there is opened by it."""
        base_url = f"{tenancy.simulator.url}/swedencentral.api.cognitive.microsoft.com/openai/v1/"

        with pytest.raises(AuthenticationError) as caught:
            client_of(base_url=base_url, default_headers={"api-key": "0" * 32}).files.list()

        assert refusal(caught.value)[:2] == (401, "401")

    def test_that_is_wrong(self, client_of: Make) -> None:
        """The captured refusal has 224 bytes."""
        client = client_of(default_headers={"api-key": "0" * 32})

        with pytest.raises(AuthenticationError) as caught:
            client.files.list()

        assert len(caught.value.response.content) == 224
        assert refusal(caught.value)[:2] == (401, "401")

    def test_while_local_auth_is_off(self, tenancy: Tenancy, client_of: Make) -> None:
        """403, whether or not the key is right."""
        tenancy.account.properties["disableLocalAuth"] = True
        key, _ = account_keys(tenancy.simulator.cloud, tenancy.account)

        with pytest.raises(PermissionDeniedError) as caught:
            client_of(default_headers={"api-key": key}).files.list()

        assert refusal(caught.value) == (
            403,
            "AuthenticationTypeDisabled",
            "Key based authentication is disabled for this resource.",
        )


class TestTheNetwork:
    def test_shut(self, tenancy: Tenancy, client: OpenAI) -> None:
        """publicNetworkAccess Disabled."""
        tenancy.account.properties["publicNetworkAccess"] = "Disabled"

        with pytest.raises(PermissionDeniedError) as caught:
            client.files.list()

        words = "Public access is disabled. Please configure private endpoint."
        assert refusal(caught.value) == (403, "403", words)

    def test_denied_by_default(self, tenancy: Tenancy, client: OpenAI) -> None:
        """networkAcls.defaultAction Deny: 90 bytes, with the gateway's policy."""
        tenancy.account.properties["networkAcls"] = {"defaultAction": "Deny"}

        with pytest.raises(PermissionDeniedError) as caught:
            client.files.list()

        assert caught.value.response.headers["policy-id"] == "ThrowExceptionDueToTrafficDenied"
        assert (
            caught.value.response.content
            == b'{"error":{"code":"403","message": "Access denied due to Virtual Network/Firewall rules."}}'
        )

    def test_denied_but_for_this_address(self, tenancy: Tenancy, client: OpenAI) -> None:
        """An IP rule lets the caller through: whoever is outside comes from 203.0.113.10."""
        rules = [{"value": "198.51.100.7"}, {"value": "203.0.113.0/24"}]
        tenancy.account.properties["networkAcls"] = {"defaultAction": "Deny", "ipRules": rules}

        assert list(client.files.list()) == []


class TestASubdomain:
    def test_nobody_has(self, tenancy: Tenancy, client_of: Make) -> None:
        """404, in the gateway's words."""
        base_url = f"{tenancy.simulator.url}/fabrikam.openai.azure.com/openai/v1/"

        with pytest.raises(NotFoundError) as caught:
            client_of(base_url=base_url).files.list()

        assert refusal(caught.value) == (404, "404", "Resource not found")

    def test_with_a_path_not_simulated(self, client: OpenAI) -> None:
        """501, naming the route: nothing is taken for Azure's behaviour that isn't."""
        with pytest.raises(APIStatusError) as caught:
            client.embeddings.create(model="x", input="y")

        assert refusal(caught.value)[:2] == (501, "NotSimulated")
