"""How the pointers to tuned models move, and what a stack serves. Pure."""
