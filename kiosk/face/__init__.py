"""Face quality, presentation attack detection (ISO/IEC 30107) and comparison, on landmarks and embeddings."""
