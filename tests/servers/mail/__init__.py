"""Mail servers on loopback: Dovecot keeps mails, aiosmtpd takes them, and the wires to both can fail."""
