"""Who may do what, tried on the live application: every route as everybody, on things in every state."""
