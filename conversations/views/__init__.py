"""The addresses at which assistants are talked to, and what was said is read."""
