"""What a page needs besides what the archive answered: links, choices, the shapes of a drawing. No HTML."""
