"""What is observed and judged: the engine, and one module of probes and checks per assignment."""
