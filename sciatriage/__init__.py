"""Sciatriage: triage of leg, back and nerve pain, cramp and spasm."""
