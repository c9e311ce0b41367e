"""Accounts. An account is how a person signs in; what it may do follows from the person's role grants."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """`username` is the staff number. Nobody signs up: accounts come with the person."""

    def __str__(self) -> str:
        return self.username
