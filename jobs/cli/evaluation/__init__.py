"""The verbs about evaluations: evaluate, review, report."""
