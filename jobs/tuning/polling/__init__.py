"""Jobs, one or several, looked at until they end."""
