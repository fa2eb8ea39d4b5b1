"""What makes a promise: who commits, by when, and what takes it back."""
