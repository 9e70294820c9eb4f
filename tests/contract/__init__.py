"""What every engine promises, asked of each in turn and compared with the oracle."""
