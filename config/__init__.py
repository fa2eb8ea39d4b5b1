"""Settings, templates, taxonomy and the demo brand."""
