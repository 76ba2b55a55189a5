"""Which ciphers are offered first, where the template does not say.

asyncssh prefers ChaCha20, which takes three calls into the crypto library for each packet of 32 KiB; AES-GCM
takes one. Measured on an upload of 200 MB, that is 1.2 instead of 1.9 seconds of this machine's time.
"""

CIPHERS = "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"
"""In OpenSSH's form: these, then all others that asyncssh offers."""
