"""Settings, addresses, commands, processes: the only place that knows all parts."""
