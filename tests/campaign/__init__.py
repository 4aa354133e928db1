"""Processes that die at every point where they write or send, and schedules of faults by chance."""
