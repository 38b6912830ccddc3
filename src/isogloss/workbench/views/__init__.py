"""Pages of the workbench: annotating, the label schema it shows, and what people ask while they work."""
