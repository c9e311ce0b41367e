"""One mechanism for every appeal: window, independent adjudicator, blind second view, deadlines, reasons."""
