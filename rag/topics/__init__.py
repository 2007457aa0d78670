"""What a topic is written as in papers, and which papers hold it."""
