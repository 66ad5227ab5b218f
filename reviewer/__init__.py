"""The reviewer app: opens tips, keeps cases and a vault, on 127.0.0.1."""
