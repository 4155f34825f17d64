"""The utterances that "bin/bench conversation" counts cut-ins with: people who dictate numbers, stop to think, or call from a noisy place.

"|" is a short pause, 0.3 to 0.6 s, wherever people take breath; "||" a long one, up to 1.2 s, where everybody hears that there is more to come: after
a word that ends nothing, or within a number. How long each one is, the digits and the voices come from a seed, so that the set is always the same.
"""

import random
import re

from utterances import FLOOR_DB, Part, Utterance

SEED = 20
SHORT, LONG = (0.3, 0.6), (0.6, 1.2)    # s
VOICES = ("en-us", "en-us+f3", "en-us+m3", "en-gb-x-rp", "en-gb-x-rp+f2", "en-gb-scotland")
SPEEDS = (135, 150, 165)                # words a minute
NOISES = (-45, -40, -36)                # dB of full scale: a fan, a street, a busy hall, below a voice of about -20
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

# What the agent asked, how the caller begins, and the sizes of the groups in which the digits come.
NUMBERS = (
    ("What is your phone number?", "", (3, 3, 4)),
    ("What is your phone number?", "My number is", (3, 3, 4)),
    ("Which number can we call you back at?", "", (3, 3, 2, 2)),
    ("Which number can we call you back at?", "It is", (3, 3, 4)),
    ("What is your order number?", "", (4, 4)),
    ("What is your order number?", "The order is", (3, 2, 3)),
    ("What are the last digits of your card?", "", (2, 2)),
    ("What is your customer number?", "Yes, that is", (2, 3, 3)),
)

THINKING = (
    "I would like to || book a room for two nights.",
    "My address is || twelve Mill Street || in Springfield.",
    "Can you move my appointment | to Thursday afternoon?",
    "I am calling because || my heating does not work.",
    "We need the || large van on Saturday.",
    "I want to cancel | the order from last week.",
    "Is it possible to || change the name on the ticket?",
    "The problem is that || the door does not close.",
    "I spoke with || a lady from your office yesterday.",
    "Please send the invoice to || my new address.",
    "Well, um, || I am not sure about the date.",
    "Do you still have || tickets for the evening show?",
    "I will arrive at || half past nine || with my wife.",
    "Could you tell me | when the doctor is back?",
    "The car is a || blue Ford from || two thousand ten.",
    "My son and || his friend would like to join the course.",
    "It started on Monday and | it is getting worse.",
    "I have a question about || the bill for my phone.",
    "We would be || six adults and || three children.",
    "Let me see, || Tuesday would be fine.",
    "If it rains, | we would rather stay inside.",
    "I need somebody who || can repair a washing machine.",
    "My name is || Margaret Thompson.",
    "The parcel was sent to || the wrong || street.",
)

SHORT_ANSWERS = (
    ("Shall I book it for you?", "Yes, please."),
    ("Is that correct?", "No, that is wrong."),
    ("Do you have an account with us?", "I think so."),
    ("Would you like anything else?", "No, thank you."),
)

NOISY = (
    "Do you deliver to the harbour on Sunday?",
    "I lost my || key card this morning.",
    "What does the train to the airport cost?",
    "Please book | a taxi for eight o'clock.",
    "My flight was || cancelled an hour ago.",
    "Are there any seats left by the window?",
    "I would like to || speak to the manager.",
    "Is breakfast included in the price?",
)


def utterances():
    """(what the agent asked before, the utterance) of the whole set."""
    chance = random.Random(SEED)
    made = []
    for _ in range(3):
        made += [(asked, number(begins, groups, chance)) for asked, begins, groups in NUMBERS]
    made += [("", thinking(text, "pause", FLOOR_DB, chance)) for text in THINKING]
    made += [(asked, thinking(text, "answer", FLOOR_DB, chance)) for asked, text in SHORT_ANSWERS]
    made += [("", thinking(text, "noise", NOISES[index % len(NOISES)], chance)) for index, text in enumerate(NOISY)]
    chance.shuffle(made)
    return made


def number(begins, groups, chance):
    """A number in groups of digits, with a pause after each."""
    parts = [Part(begins, pause=chance.uniform(*SHORT))] if begins else []
    for size in groups:
        digits = [chance.randrange(10) for _ in range(size)]
        parts.append(Part(" ".join(DIGITS[digit] for digit in digits), "".join(map(str, digits)), chance.uniform(SHORT[0], LONG[1])))
    return spoken(parts, "number", FLOOR_DB, chance)


def thinking(text, kind, noise_db, chance):
    parts = []
    for words, mark in re.findall(r"([^|]+)(\|*)", text):
        parts.append(Part(words.strip(), pause=chance.uniform(*{"": (0, 0), "|": SHORT, "||": LONG}[mark])))
    return spoken(parts, kind, noise_db, chance)


def spoken(parts, kind, noise_db, chance):
    return Utterance(tuple(parts), kind, chance.choice(VOICES), chance.choice(SPEEDS), noise_db, chance.randrange(1 << 30))
