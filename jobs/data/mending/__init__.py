"""What can be mended in a file without a change of meaning."""
