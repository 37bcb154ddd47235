"""All that imports rasa: what Rasa loads, and the server that composes it."""
