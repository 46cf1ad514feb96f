"""The report: one page of HTML that needs nothing else, of one model's scores, curve, lineage and cost. Pure."""
