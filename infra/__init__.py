"""Declares what Azure should look like, from one stack's config. Acts on nothing: that is for jobs/."""
