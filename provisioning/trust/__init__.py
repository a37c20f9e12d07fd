"""Demo trust made at set-up, never committed; refused by the production profile."""
