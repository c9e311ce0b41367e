"""Pure statistics of inspection: agreement, severity, trust in machine verdicts, inference, items, fairness."""
