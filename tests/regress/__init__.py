"""Programs that once were differentiated wrongly, one a function; the fuzzer adds a file for each new one."""
