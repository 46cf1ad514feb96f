"""Key Vault's data plane, as far as keys are read, listed, rotated and deleted; nothing is encrypted with them here."""
