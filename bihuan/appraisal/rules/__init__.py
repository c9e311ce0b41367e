"""Pure decisions of an appraisal: who may be ranked, in which order, and how sure the order is."""
