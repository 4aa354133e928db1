"""The rim: time, network, storage and Slack around the pure middle."""
