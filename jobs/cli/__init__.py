"""The command line: the only place that prints, prompts, or chooses an exit code."""
