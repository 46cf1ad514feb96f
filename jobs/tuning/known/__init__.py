"""The runs that a stack has: which one is meant, how each stands, what can be done to it."""
