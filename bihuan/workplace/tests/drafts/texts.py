"""Drafts for the tests, each with what it says of the six conversations of the small record."""

GREETING = """\
greeting:
  label: {zh: 问候与服务语, en: Greeting and offer}
  severity: minor
  source: house
  definition:
    conditions:
      hello: {words: [您好]}
      offer: {words: [请问有什么]}
      script: {like: [很高兴为您服务请问有什么可以帮您], alike: 50}
      refund: {speaker: customer, words: [退款]}
    met: hello and (offer or script) and not refund
    examples:
      - {verdict: met, messages: ["C: 在吗", "A: 您好，请问有什么可以帮您"]}
      - {verdict: violated, messages: ["C: 在吗", "A: 在"]}
"""
PHONE = """\
phone_told:
  label: {zh: 客户说出电话, en: Phone told}
  severity: minor
  source: house
  definition:
    conditions:
      told: {speaker: customer, words: [我的电话是]}
    met: not told
    examples:
      - {verdict: met, messages: ["C: 在吗", "A: 在"]}
      - {verdict: violated, messages: ["C: 我的电话是1", "A: 在"]}
"""
