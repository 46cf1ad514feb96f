"""The verbs about what is served: release, verify, rollback, withdraw, promote; history, diff, status, clean."""
