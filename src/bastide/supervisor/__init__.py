"""What `./bastide up` runs: it starts the engines and the application, watches them, and ends them."""
