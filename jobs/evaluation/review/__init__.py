"""What people prefer, who see two answers without knowing whose they are."""
