"""What Rasa's pipeline runs on each message."""
