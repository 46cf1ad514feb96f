"""How the token endpoint refuses.

Numbers and meanings: learn.microsoft.com, "Microsoft Entra authentication and authorization error codes". The longer
texts follow answers quoted in public threads of Azure's identity libraries; statuses other than 400 are from memory.
"""

from __future__ import annotations

from simulator.errors import EntraRefusal


def unknown_tenant(tenant: str) -> EntraRefusal:
    """AADSTS90002, also answered by discovery for a tenant that isn't there."""
    return EntraRefusal(
        400,
        "invalid_tenant",
        90002,
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
    )


def unknown_application(client_id: str, tenant: str) -> EntraRefusal:
    """AADSTS700016."""
    return EntraRefusal(
        400,
        "unauthorized_client",
        700016,
        f"Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You may have sent your authentication request to the wrong tenant.",
    )


def wrong_secret(client_id: str) -> EntraRefusal:
    """AADSTS7000215."""
    return EntraRefusal(
        401,
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        f"the client secret ID, for a secret added to app '{client_id}'.",
    )


def missing_secret() -> EntraRefusal:
    """AADSTS7000216."""
    return EntraRefusal(
        401,
        "invalid_client",
        7000216,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    )


# --- assertions of issuers outside


def _unmatched(what: str, value: str) -> str:
    """Captured answers in Azure/azure-workload-identity#1200 and Azure/login#482; their status is inferred."""
    return (
        f"No matching federated identity record found for presented assertion {what} '{value}'. Check your federated "
        "identity credential Subject, Audience and Issuer against the presented assertion. "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
    )


def assertion_issuer(issuer: str) -> EntraRefusal:
    """AADSTS700211: none of the identity's credentials trusts this issuer."""
    return EntraRefusal(401, "invalid_client", 700211, _unmatched("issuer", issuer))


def assertion_subject(subject: str) -> EntraRefusal:
    """AADSTS700213: the issuer is trusted, for other subjects."""
    return EntraRefusal(401, "invalid_client", 700213, _unmatched("subject", subject))


def assertion_audience(audience: str) -> EntraRefusal:
    """AADSTS700212."""
    return EntraRefusal(401, "invalid_client", 700212, _unmatched("audience", audience))


def no_credentials(client_id: str, name: str) -> EntraRefusal:
    """AADSTS70025: an identity that trusts nobody outside."""
    return EntraRefusal(
        401,
        "invalid_client",
        70025,
        f"The client '{client_id}'({name}) has no configured federated identity credentials.",
    )


def issuer_unreachable() -> EntraRefusal:
    """AADSTS501661: trusted, but its keys can't be had (Azure/login#283)."""
    return EntraRefusal(400, "invalid_request", 501661, "Request to External OIDC endpoint failed.")


def assertion_key_unknown(kid: str, issuer: str) -> EntraRefusal:
    """AADSTS7000272 (Azure/azure-workload-identity#1232)."""
    return EntraRefusal(
        401,
        "invalid_client",
        7000272,
        f"The certificate with identifier {kid} used to sign the federated credential could not be found in the "
        f"metadata of identity provider {issuer}. Please validate that your Identity Provider's metadata exposes the "
        "key used to sign the incoming token.",
    )


def assertion_signature() -> EntraRefusal:
    """AADSTS700027."""
    return EntraRefusal(401, "invalid_client", 700027, "Client assertion failed signature validation.")


def assertion_out_of_time() -> EntraRefusal:
    """AADSTS700024."""
    return EntraRefusal(401, "invalid_client", 700024, "Client assertion is not within its valid time range.")


def assertion_malformed() -> EntraRefusal:
    """AADSTS50027."""
    return EntraRefusal(400, "invalid_request", 50027, "JWT token is invalid or malformed.")


# --- what is asked for


def bad_scope(scope: str) -> EntraRefusal:
    """AADSTS70011: empty, several, or not a resource followed by /.default."""
    return EntraRefusal(
        400,
        "invalid_scope",
        70011,
        f"The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
    )


def unknown_resource(resource: str, tenant: str) -> EntraRefusal:
    """AADSTS500011: the scope is well formed, and no service here is called so."""
    return EntraRefusal(
        400,
        "invalid_resource",
        500011,
        f"The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You might have sent your authentication request to the wrong tenant.",
    )


def missing_parameter(name: str) -> EntraRefusal:
    """AADSTS900144."""
    return EntraRefusal(
        400, "invalid_request", 900144, f"The request body must contain the following parameter: '{name}'."
    )


def unsupported_grant(grant: str) -> EntraRefusal:
    """AADSTS70003; Entra knows more grants than this tenant does."""
    return EntraRefusal(400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'.")
