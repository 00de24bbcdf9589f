"""Golden cases: a folder a stage, a file a topic, a case a construct; `reading` says how they are written."""
