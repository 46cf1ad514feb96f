"""Whether a tuned model is better than what it replaces: questions, answers, scores, verdict."""
