"""`jobs check` and `jobs convert`: datasets on the command line."""
