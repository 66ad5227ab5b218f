"""Other programs open what we seal, and we open what they seal."""
