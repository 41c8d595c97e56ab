"""What is no question: greetings, thanks, and asking for a person. Pure, in both languages."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from parley.assistant.drafts import Draft
from parley.assistant.models import Outcome

LONGEST = 80
"""Characters: whoever writes more than that beside a greeting has something to ask."""

_THERE = r"(?:\s+(?:there|all|everyone|team|again|everybody|parley|bot|assistant|всем|вам|бот))*"
_HELLO = re.compile(
    rf"(?:hi|hello|hey|hiya|howdy|greetings|good\s+(?:morning|afternoon|evening|day)|привет(?:ствую|ик)?"
    rf"|здравствуй(?:те)?|здрасте|добрый\s+(?:день|вечер)|доброе\s+утро|доброго\s+(?:дня|времени\s+суток)|хай){_THERE}"
)
_THANKS = re.compile(
    rf"(?:(?:ok(?:ay)?|great|perfect|super|ок|окей|отлично|супер|хорошо|понятно|ясно)[\s,.!]*)*"
    rf"(?:(?:большое|огромное|many)\s+)?(?:thanks?(?:\s+you)?|thx|ty|cheers|спасибо|благодарю|спс|пасиб)"
    rf"(?:\s+(?:you|a\s+lot|so\s+much|very\s+much|a\s+bunch|for\s+(?:the|your)\s+help|большое|огромное|вам|тебе|за\s+помощь))*{_THERE}"
    r"|(?:that\s+(?:helped|worked)|it\s+worked|помогло|всё\s+получилось|все\s+получилось)"
)
_WHO = re.compile(
    r"(?:are|r)\s+(?:you|u)\s+(?:a\s+|an\s+)?(?:bot|robot|human|person|machine|ai|real(?:\s+person)?)"
    r"|who\s+are\s+you|am\s+i\s+(?:talking|speaking|chatting)\s+(?:to|with)\s+(?:a\s+|an\s+)?(?:bot|robot|human|person|machine|ai)"
    r"|(?:ты|вы)\s+(?:бот|робот|человек|машина|живой(?:\s+человек)?|кто|ии)|кто\s+(?:ты|вы)(?:\s+такой)?"
    r"|я\s+(?:говорю|общаюсь)\s+с\s+(?:ботом|роботом|человеком)"
)
_SOMEBODY = (
    r"(?:(?:a|an|the|some|your|real|live|actual|human|жив\w+|реальн\w+|настоящ\w+|ваш\w+|со?)\s+)*"
    r"(?:person|human(?:\s+being)?|agent|operator|someone|somebody|representative|rep|manager|staff|support(?:\s+(?:agent|team|person))?"
    r"|people|человек(?:ом|а|у)?|оператор(?:ом|а|у)?|специалист(?:ом|а|у)?|менеджер(?:ом|а|у)?|сотрудник(?:ом|а|у)?"
    r"|поддержк(?:ой|у|а)|кем-(?:то|нибудь)|людьми)"
)
_PERSON = re.compile(
    rf"{_SOMEBODY}(?:\s+(?:please|пожалуйста))?"
    rf"|(?:(?:please|can|could|may|i|want|need|would|like|to|let|me|'d|wanna|i'd|we|get|give|connect|transfer|put|through|call|have"
    rf"|you|speak|talk|chat|with|for|now|just|хочу|можно|мне|нужен|нужна|дайте|дай|позовите|позови|соедините|соедини|переключите|переключи"
    rf"|переведите|переведи|поговорить|связаться|пообщаться|говорить|меня|на|с|со|к|пожалуйста|надо|бы|хотел|хотела|сейчас)\s+)+"
    rf"{_SOMEBODY}(?:\s+(?:please|now|instead|here|пожалуйста|сейчас|срочно))*"
)


def answer(text: str) -> Draft | None:
    """What is said to a greeting, to thanks, to asking for a person or who this is; None for questions."""
    said = _plain(text)
    if not said or len(said) > LONGEST:
        return None if said else _to_nothing()
    if _PERSON.fullmatch(said):
        return _to_a_person()
    if _WHO.fullmatch(said):
        return Draft(
            outcome=Outcome.NONE,
            text=_(
                "I am a machine: the assistant of this support desk. I answer from the help centre and "
                "from your own orders and tickets. Press *Talk to a person* whenever you would rather "
                "have one."
            ),
        )
    if _THANKS.fullmatch(said):
        return Draft(outcome=Outcome.NONE, text=_("You are welcome. Ask on whenever you need to."))
    if _HELLO.fullmatch(said):
        return Draft(
            outcome=Outcome.NONE,
            text=_(
                "Hello! What would you like to know? I am a machine: I answer from the help centre and "
                "from your own orders and tickets."
            ),
        )
    return None


def _to_a_person() -> Draft:
    return Draft(
        outcome=Outcome.PERSON,
        text=_(
            "Of course. Press *Talk to a person*: what was said here goes along, so you needn't say it "
            "again."
        ),
    )


def _to_nothing() -> Draft:
    """For a message of nothing but files or marks, which a machine can't read."""
    return Draft(
        outcome=Outcome.UNKNOWN,
        text=_(
            "I can read words only. Tell me in a sentence what you would like to know, or press "
            "*Talk to a person*: people can see your files."
        ),
    )


def _plain(text: str) -> str:
    text = " ".join(text.lower().replace("’", "'").split())
    text = "".join(c if c.isalnum() or c in " '-" else " " for c in text)
    return " ".join(text.split())
