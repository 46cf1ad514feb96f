"""`jobs release`, `withdraw`, `rollback`, `verify` and what else is done with a model's pointers."""
