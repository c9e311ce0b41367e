"""What "good" means: editions as data, the checks, and the pure rules that score."""
