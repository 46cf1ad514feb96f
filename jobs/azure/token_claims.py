"""What stands in an access token of Entra ID's, for people to read. Nothing is verified: that is for who receives it.

Claims: Microsoft Learn, "Access token claims reference" (oid, tid, idtyp, appid, upn); ``xms_mirid``, a managed
identity's resource ID: memory.
"""

from __future__ import annotations

import base64
import binascii
import json

from jobs.doctor_ports import Identity


def identity_of(token: str) -> Identity:
    """Raises ValueError, which doesn't show the token, where it is none that can be read."""
    parts = token.split(".")
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        oid, tid = str(claims["oid"]), str(claims["tid"])
    except (IndexError, binascii.Error, UnicodeDecodeError, ValueError, KeyError, TypeError):
        raise ValueError("the token says nothing of whom it speaks for") from None
    name = claims.get("upn") or claims.get("unique_name") or claims.get("preferred_username")
    application = str(claims.get("appid") or claims.get("azp") or oid)
    if claims.get("idtyp") == "app" or not name:
        kind = "managed identity" if claims.get("xms_mirid") else "service principal"
        return Identity(kind, "ServicePrincipal", application, oid, tid)
    return Identity("user", "User", str(name), oid, tid)
