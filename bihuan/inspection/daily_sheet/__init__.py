"""The daily score sheet 日评分表, on screen, on paper and as a workbook."""
