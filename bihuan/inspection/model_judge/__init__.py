"""The optional model judge: soft items answered by any OpenAI-compatible service. Off unless an installation names one.

`endpoint.py` settings, `client.py` one request, `talks.py` what of a conversation may be shown, `ledger.py` what is kept,
`asking.py` the round of questions, `writing.py` answers into the record, `days.py` a day from end to end, `state.py` what
the page and the command tell. Decided 0010.
"""
