"""The data plane's routes, under the host names of accounts and of regions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.convertors import register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.errors import NotSimulated
from simulator.host_names import HostName
from simulator.openai import (
    chat_responses,
    file_responses,
    gate,
    grader_responses,
    job_responses,
    model_responses,
    upload_responses,
)


class DataPlaneHost(HostName):
    """A path's first segment that is a host name of the data plane."""

    regex = r"[A-Za-z0-9-]+(?:\.openai\.azure\.com|\.services\.ai\.azure\.com|\.api\.cognitive\.microsoft\.com)"


register_url_convertor("dataplane", DataPlaneHost())


async def unknown_path(request: Request) -> Response:
    """A host that no account has answers 404 whatever the path; for an account's, a path not known here says so."""
    gate.known_host(request.app.state.cloud, request.path_params["host"])
    raise NotSimulated(request.method, request.url.path)


def _route(path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str) -> Route:
    return Route(f"/{{host:dataplane}}/openai/v1/{path}", endpoint, methods=[method])


def _dated(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    """Of the form that wants an `api-version`."""
    return Route(f"/{{host:dataplane}}/openai/{path}", endpoint, methods=["POST"])


routes: list[BaseRoute] = [
    _dated("files/import", upload_responses.import_file),
    _dated("uploads", upload_responses.start),
    _dated("uploads/{upload_id}/parts", upload_responses.add_part),
    _dated("uploads/{upload_id}/complete", upload_responses.complete),
    _dated("uploads/{upload_id}/cancel", upload_responses.cancel),
    _route("files", file_responses.upload, "POST"),
    _route("files", file_responses.list_files, "GET"),
    _route("files/{file_id}", file_responses.get_file, "GET"),
    _route("files/{file_id}", file_responses.delete_file, "DELETE"),
    _route("files/{file_id}/content", file_responses.get_content, "GET"),
    _route("fine_tuning/jobs", job_responses.create, "POST"),
    _route("fine_tuning/jobs", job_responses.list_jobs, "GET"),
    _route("fine_tuning/jobs/{job_id}", job_responses.get_job, "GET"),
    _route("fine_tuning/jobs/{job_id}/events", job_responses.events, "GET"),
    _route("fine_tuning/jobs/{job_id}/checkpoints", job_responses.checkpoints, "GET"),
    _route("fine_tuning/jobs/{job_id}/cancel", job_responses.cancel, "POST"),
    _route("fine_tuning/jobs/{job_id}/pause", job_responses.pause, "POST"),
    _route("fine_tuning/jobs/{job_id}/resume", job_responses.resume, "POST"),
    _route("fine_tuning/alpha/graders/validate", grader_responses.validate, "POST"),
    _route("fine_tuning/alpha/graders/run", grader_responses.run, "POST"),
    _route("models", model_responses.list_models, "GET"),
    _route("models/{model_id}", model_responses.get_model, "GET"),
    _route("chat/completions", chat_responses.completions, "POST"),
    Route("/{host:dataplane}/{rest:path}", unknown_path, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
]
