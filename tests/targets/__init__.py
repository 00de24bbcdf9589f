"""Eight programs and the derivatives an expert would write: the yardstick for generated code."""
