"""Programs as scientists write them, each differentiated in both modes and checked against differences of itself."""
