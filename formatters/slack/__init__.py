"""The Block Kit dialect: Slack's blocks, limits and splitting. Another chat would be its sibling."""
