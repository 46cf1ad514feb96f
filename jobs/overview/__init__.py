"""`jobs status`: what stands in several environments at once, and what will bite."""
