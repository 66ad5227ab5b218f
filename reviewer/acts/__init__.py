"""What a reviewer does: each act checks that it is allowed, writes its event, and leaves the rest to the next round."""
