"""`jobs config`, `new-environment` and `doctor`; and how every verb writes into a stack file."""
