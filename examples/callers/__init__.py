"""A small client of tuned models, to be copied: it asks what is live, and goes on asking through a release."""
