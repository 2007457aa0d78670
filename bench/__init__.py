"""The measurements that the README quotes; `python -m bench` prints them as Markdown tables."""
