"""All papers as points by meaning, with named topics: made from the stored vectors alone, no model is asked."""
