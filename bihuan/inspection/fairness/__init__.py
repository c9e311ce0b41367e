"""The counterfactual suite over checks."""
