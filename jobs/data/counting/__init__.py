"""Tokens, as the service counts them."""
