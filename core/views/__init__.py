"""What the site answers about itself, and its files."""
