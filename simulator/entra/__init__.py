"""Entra as clients see it: OIDC discovery, signing keys, client-credentials tokens; and their verification."""
