"""The history of a repository lived through again, in the order and at the times of its commits.

Real are the git source, discovery, plan, archive and delivery; Slack is the sandbox, and time is
set to each commit's. `python -m tests.replay REPOSITORY` does it for any repository.
"""
