"""Opens, checks and answers a dossier."""
