"""Whether everything is there that a run needs, before one is paid for: findings, each with a mend."""
