"""`jobs release`, `withdraw`, `status`, `config` and `new-environment`: stack files on the command line."""
