"""What a dataset has too much or too little of."""
