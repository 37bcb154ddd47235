"""What decides the next action."""
