"""From SSA to readable Python source."""
