"""What is done at the machine's terminal with an instance that runs: declaring what it is, and its audit."""
