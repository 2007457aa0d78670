"""What a reader wants besides an answer from the nearest papers: counts and lists, restrictions, other languages."""
