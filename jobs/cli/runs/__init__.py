"""`jobs list`, `show`, `logs`, `curve`, `pause`, `resume` and `cancel`: the runs that there are."""
