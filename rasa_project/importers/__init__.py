"""Training data that is made from the knowledge."""
