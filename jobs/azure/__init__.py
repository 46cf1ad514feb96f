"""Adapters to Azure: each module is the only import of its library, and translates its errors."""
