"""`jobs status`, `config` and `new-environment`: stack files on the command line."""
