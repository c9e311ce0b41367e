"""Where declared measures meet the record: one set of ibis expressions, run by DuckDB here or by Spark on a cluster."""
