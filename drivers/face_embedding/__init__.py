"""Face embeddings."""
