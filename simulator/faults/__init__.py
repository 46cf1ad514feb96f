"""Faults on demand: a plan of what goes wrong, at which requests, how often."""
