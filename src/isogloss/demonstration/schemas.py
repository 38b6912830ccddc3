"""The label schemas of the demonstration."""

SENTIMENT = """\
schema: 1
displays:
  - {kind: text, field: text}
questions:
  - id: sentiment
    kind: choice
    prompt: Sentiment
    labels:
      - {value: positive, name: Positive, hint: "The writer is pleased."}
      - {value: neutral, name: Neutral, hint: "No feeling, or only information."}
      - {value: negative, name: Negative, hint: "The writer is displeased."}
      - {value: mixed, name: Mixed, hint: "Praise and complaint about different things."}
"""

SAFETY = """\
schema: 1
displays:
  - {kind: text, field: text}
questions:
  - id: policy
    kind: choice
    prompt: Which policy does it break?
    labels:
      - {value: none, name: None}
      - {value: insult, name: Insult}
      - {value: spam, name: Spam}
      - {value: scam, name: Scam}
      - {value: dangerous_advice, name: Dangerous advice}
      - {value: harassment, name: Harassment}
  - id: severity
    kind: choice
    scale: ordinal
    prompt: How severe is it?
    show_when: {question: policy, is: [insult, spam, scam, dangerous_advice, harassment]}
    labels:
      - {value: "1", name: Mild}
      - {value: "2", name: Clear}
"""

LANGUAGE_ID = """\
schema: 1
displays:
  - {kind: text, field: text}
questions:
  - id: language
    kind: choice
    prompt: Which language is it written in?
    labels:
      - {value: id, name: Indonesian}
      - {value: jv, name: Javanese}
      - {value: su, name: Sundanese}
      - {value: ms, name: Malay}
      - {value: en-SG, name: Singlish}
      - {value: fil, name: Filipino}
      - {value: th, name: Thai}
      - {value: vi, name: Vietnamese}
      - {value: en, name: English}
      - {value: mixed, name: Mixed}
      - {value: zxx, name: Not a language}
"""
