"""Where everything is composed: page, channels, agent and actions in one process on one port."""
