"""Draws the page. `app.py` tells the story; the files here draw one part each. Only they import streamlit."""
