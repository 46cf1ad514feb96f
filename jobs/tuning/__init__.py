"""From a specification to a tuned model: run, run key, upload, submission, watching, recording."""
