"""Answers what services passed on: a chat at a time by one worker, its messages in order."""
