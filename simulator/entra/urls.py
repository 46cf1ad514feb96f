"""Entra's routes: per tenant, v2.0 and the older form beside it; and those of the issuer outside."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from simulator.entra import responses
from simulator.entra.outside import PATH

routes: list[BaseRoute] = [
    Route("/{tenant}/v2.0/.well-known/openid-configuration", responses.discovery),
    Route("/{tenant}/.well-known/openid-configuration", responses.discovery),
    Route("/{tenant}/discovery/v2.0/keys", responses.keys),
    Route("/{tenant}/discovery/keys", responses.keys),
    Route("/{tenant}/oauth2/v2.0/token", responses.token, methods=["POST"]),
    Route("/{tenant}/oauth2/token", responses.token_v1, methods=["POST"]),
    Route(f"{PATH}/.well-known/openid-configuration", responses.outside_discovery),
    Route(f"{PATH}/.well-known/jwks", responses.outside_keys),
    Route(f"{PATH}/token", responses.outside_token),
]
