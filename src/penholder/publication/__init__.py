"""The public site: what published ledgers say, for everybody. It never opens another site's database."""
