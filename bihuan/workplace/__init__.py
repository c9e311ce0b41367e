"""What crosses parts: role homes, overview, metric pages, conversation library, contact page, reports."""
