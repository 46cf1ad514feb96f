"""App Configuration's routes, under the host names of stores."""

from __future__ import annotations

from starlette.convertors import register_url_convertor
from starlette.routing import BaseRoute, Route

from simulator.appconfig import responses
from simulator.host_names import HostName


class StoreHost(HostName):
    """A path's first segment that is a store's host name."""

    regex = r"[A-Za-z0-9-]+\.azconfig\.io"


register_url_convertor("store", StoreHost())

routes: list[BaseRoute] = [
    Route("/{host:store}/kv", responses.list_key_values, methods=["GET"]),
    # GET answers HEAD as well.
    Route("/{host:store}/kv/{key:path}", responses.get_key_value, methods=["GET"]),
    Route("/{host:store}/kv/{key:path}", responses.put_key_value, methods=["PUT"]),
    Route("/{host:store}/kv/{key:path}", responses.delete_key_value, methods=["DELETE"]),
    Route("/{host:store}/locks/{key:path}", responses.lock, methods=["PUT", "DELETE"]),
    Route("/{host:store}/{rest:path}", responses.unknown_path, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
]
