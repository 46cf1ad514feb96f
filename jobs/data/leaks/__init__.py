"""What stands in more than one place: repeats, near repeats, contradictions."""
