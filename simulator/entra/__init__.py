"""Entra as clients see it: discovery, keys, tokens for secrets and for others' tokens; how they are verified."""
