"""A file in pieces, by one process or two, past everything that looks at it."""
