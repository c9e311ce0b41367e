"""Importers: files of other help desks become rows of the service record, described by a mapping file."""
