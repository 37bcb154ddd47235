"""Proves that the knowledge meets the safety requirements, over every possible state of answers (`make proof`)."""
