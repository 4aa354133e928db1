"""Slack: sending, listening, HTTP and Socket Mode. The only home of slack_sdk and slack_bolt."""
