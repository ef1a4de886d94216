"""Tests on real terminals: a pty, tmux, a browser, an SSH line."""
