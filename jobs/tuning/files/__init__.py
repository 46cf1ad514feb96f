"""Datasets on their way into the storage and the account."""
