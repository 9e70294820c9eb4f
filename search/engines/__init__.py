"""What stores, matches and ranks paragraphs. ``base`` states the contract; each engine has a folder."""
