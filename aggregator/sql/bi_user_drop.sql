SELECT pulse.drop_bi_login($1)
