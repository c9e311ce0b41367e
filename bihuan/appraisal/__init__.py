"""A month's results per person: totals, intervals, ranks, and the tree behind each."""
