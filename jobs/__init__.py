"""What happens to a tuned model, from data to release. Talks to Azure; declares nothing."""
