"""Whether a model is ready to be tuned, as far as tune.yaml tells: why it is tuned, and by what it is graded. Pure."""
