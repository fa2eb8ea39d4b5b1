"""From a mention to settled decisions. No input or output but through ports."""
