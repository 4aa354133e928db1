"""What an operator chooses: typed settings from YAML and the environment."""
