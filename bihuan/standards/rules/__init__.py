"""Pure decisions about standards: what an edition says, what a score is, what is wrong with either."""
