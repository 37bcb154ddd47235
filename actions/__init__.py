"""Rasa's custom actions: thin doors to the talk, one a file."""
