"""`jobs plan`, `run`, `sweep`, `watch` and `record`: from a model's folder to a candidate in the stack file."""
