"""The stack as files: its outputs, and its stack file, edited in place."""
