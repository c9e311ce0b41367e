"""Layout, components, tables, charts, htmx helpers. Knows no business."""
