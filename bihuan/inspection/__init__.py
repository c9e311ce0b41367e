"""Quality inspection: the sole writer of verdicts on the service record."""
