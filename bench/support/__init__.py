"""What benches share: the machine's facts, an instance of their own, CPU time by process, figures as JSON."""
