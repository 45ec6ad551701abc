"""A stand-in for Meilisearch, a third party: as much of it as we use, and its ways to fail."""
