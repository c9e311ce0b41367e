"""The month: results, explanations, replay, workbook."""
