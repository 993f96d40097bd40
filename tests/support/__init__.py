"""What several tests make their inputs with."""
