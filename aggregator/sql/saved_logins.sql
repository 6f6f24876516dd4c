SELECT login, verifier FROM pulse.saved_logins()
