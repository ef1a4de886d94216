"""What the terminal tests stand on: a pty with a screen behind it, a private sshd, a browser, a bad line."""
