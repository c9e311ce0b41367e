"""The day's draw: plan, strata, progress."""
