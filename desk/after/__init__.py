"""What belongs to settling a matter: steps, compensation, survey, export."""
