"""Where conversations and their locks are kept."""
