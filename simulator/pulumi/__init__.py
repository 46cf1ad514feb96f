"""The stack program on the local Azure: one provider, served to the Pulumi CLI or run in process without it."""
