"""Programs whose adjoints were written by hand, and how much more than these generated code does."""
