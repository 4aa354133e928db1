"""Text in, chat messages out: pure, without clock, network, disk or settings."""
