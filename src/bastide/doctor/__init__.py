"""`bastide doctor`: measures and checks a running instance, and says what to do."""
