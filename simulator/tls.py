"""The simulator's own certificate authority, and the certificate both listeners show.

Files, in one folder: ca.pem (what clients trust), server.pem and server.key (what listeners show). A folder that is
kept keeps ca.key too, so that clients told to trust it go on doing so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme

from simulator.errors import Unusable

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Certificates:
    """Where the authority's certificate, the server's certificate chain and its key lie, in PEM."""

    ca_file: Path
    cert_file: Path
    key_file: Path


def certificates(folder: Path, *, keep: bool = False) -> Certificates:
    """The authority of `folder` and a certificate for 127.0.0.1 and localhost.

    With `keep` an authority that lies there is used again. Without, it is new at each start and its key is never
    written: a trusted key that outlives the simulator could be used to impersonate any host to who still trusts it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ca_file, ca_key = folder / "ca.pem", folder / "ca.key"
    if keep and ca_file.exists() and ca_key.exists():
        try:
            authority = trustme.CA.from_pem(ca_file.read_bytes(), ca_key.read_bytes())
        except ValueError as problem:
            raise Unusable(f"{ca_file} or {ca_key.name} beside it is broken: {problem}") from problem
    else:
        authority = trustme.CA(organization_name="Simulated Azure", organization_unit_name="this machine")
        ca_file.write_bytes(authority.cert_pem.bytes())
        if keep:
            write_secret(ca_key, authority.private_key_pem.bytes())
    leaf = authority.issue_cert(HOST, "localhost", common_name=HOST)
    cert_file, key_file = folder / "server.pem", folder / "server.key"
    cert_file.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    write_secret(key_file, leaf.private_key_pem.bytes())
    return Certificates(ca_file, cert_file, key_file)


def write_secret(path: Path, content: bytes) -> None:
    """Writes a file only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
