"""How a training goes: losses and rewards, step by step."""
