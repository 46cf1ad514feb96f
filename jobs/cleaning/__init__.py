"""`jobs clean`: what a stack has kept and nothing refers to: found, decided and deleted."""
