"""The verbs that measure: evaluate, review, report."""
