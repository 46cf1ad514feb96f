"""ARM's description of a cloud, `GET /metadata/endpoints`: how clients told only a host find the rest."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.cloud import Cloud
from simulator.errors import ArmRefusal


async def endpoints(request: Request) -> Response:
    """One cloud from api-version 2022-09-01 on, a list of clouds from 2019-05-01 on, an older form before.

    The forms follow the answers that pulumi-azure-native's metadata client is tested with.
    """
    version = request.query_params.get("api-version")
    if not version:
        raise ArmRefusal(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    cloud: Cloud = request.app.state.cloud
    if version < "2019-05-01":
        return JSONResponse(_early(cloud))
    told = description(cloud)
    return JSONResponse(told if version >= "2022-09-01" else [told])


def description(cloud: Cloud) -> dict[str, Any]:
    """This cloud in the form of api-version 2022-09-01; services that aren't simulated are not named.

    azure-native asks for tokens of the first audience, and sends its requests to `resourceManager`.
    """
    main = cloud.endpoints.main
    return {
        "portal": main,
        "authentication": {
            "loginEndpoint": main,
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "name": "AzureCloud",
        "suffixes": {"storage": "core.windows.net"},
        "resourceManager": f"{main}/",
        "microsoftGraphResourceId": "https://graph.microsoft.com/",
    }


def _early(cloud: Cloud) -> dict[str, Any]:
    told = description(cloud)
    return {
        "galleryEndpoint": told["resourceManager"],
        "graphEndpoint": "https://graph.windows.net/",
        "portalEndpoint": told["portal"],
        "authentication": {name: told["authentication"][name] for name in ("loginEndpoint", "audiences")},
    }


routes: list[BaseRoute] = [Route("/metadata/endpoints", endpoints)]
