"""The rules the product carries out, by id, with a few words of our own each; the sources are named in the README."""

from __future__ import annotations

from typing import Final

RULES: Final[dict[str, str]] = {
    "S0-1": "four stages of a contact", "S0-2": "ready before the shift", "S0-3": "access in time, greeting with name or number",
    "S0-4": "listen, empathise", "S0-5": "restate and agree", "S0-6": "classify and decide who solves",
    "S0-7": "clear and feasible solutions", "S0-8": "act at once, tell steps and times", "S0-9": "escalate and explain",
    "S0-10": "result, satisfied, anything else, thanks", "S0-11": "record after the service", "S0-12": "quantity and quality together",
    "S0-13": "hard metrics", "S0-14": "soft metrics",
    "S1-1": "posts", "S1-2": "customer history, scripts, a stable system", "S1-3": "respond within 30 s", "S1-4": "several solutions",
    "S1-5": "simple problems on the spot", "S1-6": "hand over complex problems within 1 h", "S1-7": "complaints: own or others' fault",
    "S1-8": "call back within 24 h", "S1-9": "full archive and regular figures", "S1-10": "quarterly review of the process",
    "S1-11": "assistant for common questions, demand forecast", "S1-12": "rewards and suggestions", "S1-13": "goals and principles",
    "S1-14": "hiring", "S1-15": "training",
    "S2-1": "waiting turns people negative", "S2-2": "first response targets", "S2-3": "average response time",
    "S2-4": "daily volume and its thresholds", "S2-5": "effective service share", "S2-6": "operating compliance, identity",
    "S2-7": "four steps of a complaint", "S2-8": "first-contact resolution", "S2-9": "enablers: knowledge, authority",
    "S2-10": "follow-up completion", "S2-11": "direct rating 1–5", "S2-12": "deep satisfaction by call-back",
    "S2-13": "valid complaint share", "S2-14": "complaints resolved in 24 h",
    "S3-1": "when to evaluate", "S3-2": "evaluation group", "S3-3": "two viewpoints", "S3-4": "service attitude 50 %",
    "S3-5": "professional ability 30 %", "S3-6": "response efficiency 10 %", "S3-7": "customer satisfaction 10 %",
    "S3-8": "weights may be adjusted", "S3-9": "what is collected, when", "S3-10": "10–20 % drawn a day",
    "S3-11": "weekly call-backs, outside reviews", "S3-12": "complaint ledger", "S3-13": "daily sheets, weekly re-evaluation",
    "S3-14": "monthly total 60/20/20", "S3-15": "diagnosis", "S3-16": "grades of problems", "S3-17": "measures with owner and date",
    "S4-1": "service loop, surname, closing", "S4-2": "emotion thermometer", "S4-3": "first response 15 s in training, complaint 24 h",
    "S4-4": "mask data, no absolute promises", "S4-5": "skills", "S4-6": "system skill within 30 s", "S4-7": "levels L1 to L3",
    "S4-8": "theory exam", "S4-9": "practical exam", "S4-10": "system exam", "S4-11": "staff appraisal 20/50/30", "S4-12": "cycles",
    "S4-13": "trainers and handbook", "S4-14": "results told in 3 working days", "S4-15": "top 10 %, three failures", "S4-16": "ladder",
    "X1": "scoped targets", "X2": "two first-response clocks", "X3": "dimension = earned ÷ applicable", "X4": "units and reach of terms",
    "X5": "raising an item past its dimension", "X6": "rates join at period end", "X7": "two layers, no input twice",
    "X8": "two resolution rates", "X9": "one name per satisfaction figure", "X10": "valid complaints ÷ effective contacts",
    "X11": "nested complaint clocks", "X12": "machine scores all, people a sample", "X13": "survey to all, call-back quota",
    "X14": "all cycles", "X15": "nested system clocks", "X16": "top tenth, ties, separability", "X17": "not the score alone",
    "X18": "meaning, not letters", "X19": "mean of day scores", "X20": "contact duration and handle time",
}  # fmt: skip
