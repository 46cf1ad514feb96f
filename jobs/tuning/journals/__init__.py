"""The journal of a run: what it says, who holds it, how it is kept."""
