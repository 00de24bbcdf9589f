"""Facts about a Func, each with its reason; analyses change nothing."""
