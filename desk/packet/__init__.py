"""What an agent must know in the first fifteen seconds."""
