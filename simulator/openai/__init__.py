"""The data plane: files, fine-tuning jobs, models and chat completions, in the v1 form."""
