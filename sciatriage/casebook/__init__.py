"""The casebook: what was said, heard, asked and concluded, with which knowledge; written after speech."""
