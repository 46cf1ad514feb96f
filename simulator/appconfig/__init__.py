"""The data plane of App Configuration: key-values, read by applications and written by whoever has the role."""
