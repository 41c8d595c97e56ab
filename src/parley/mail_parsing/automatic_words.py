"""How answering machines begin a subject, in the languages their makers ship.

Only beginnings with a colon after them (or nothing more): "Out of office next week?" is a person's.
"""

from __future__ import annotations

import re

_OPENINGS = (
    # English
    "automatic reply",
    "automated reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "automatic response",
    "automated response",
    "auto response",
    "auto-response",
    "autoresponse",
    "autoresponder",
    "auto responder",
    "out of office",
    "out-of-office",
    "out of the office",
    "out of office reply",
    "out of office response",
    "out of office notification",
    "vacation reply",
    "vacation response",
    "vacation notice",
    "away from my mail",
    # German
    "automatische antwort",
    "automatische antwort auf",
    "automatische rückantwort",
    "abwesenheitsnotiz",
    "abwesenheitsnachricht",
    "abwesenheitsmeldung",
    "abwesenheitsbenachrichtigung",
    "abwesenheitsassistent",
    "abwesend",
    # French
    "réponse automatique",
    "réponse automatisée",
    "notification d'absence",
    "absence du bureau",
    "absent du bureau",
    "message d'absence",
    # Spanish, Portuguese, Catalan, Italian, Romanian
    "respuesta automática",
    "respuesta automatica",
    "respuesta de ausencia",
    "fuera de la oficina",
    "fuera de oficina",
    "resposta automática",
    "resposta automatica",
    "fora do escritório",
    "ausência temporária",
    "resposta automàtica",
    "risposta automatica",
    "fuori sede",
    "fuori ufficio",
    "assente dall'ufficio",
    "răspuns automat",
    # Dutch and the north
    "automatisch antwoord",
    "automatische beantwoording",
    "afwezigheidsbericht",
    "afwezigheidsmelding",
    "autosvar",
    "automatiskt svar",
    "automatisk svar",
    "automatiskt meddelande",
    "frånvaromeddelande",
    "frånvaro",
    "fraværsassistent",
    "fravær",
    "ikke til stede",
    "automaattinen vastaus",
    "poissaoloviesti",
    "poissa",
    "sjálfvirkt svar",
    # Slavic, Baltic, Hungarian, Greek, Turkish
    "автоответ",
    "автоответчик",
    "вне офиса",
    "отсутствую на рабочем месте",
    "отсутствие на рабочем месте",
    "автоматический ответ",
    "автоматическая отправка",
    "автовідповідь",
    "автоматична відповідь",
    "автоматичен отговор",
    "odpowiedź automatyczna",
    "autoodpowiedź",
    "automatyczna odpowiedź",
    "poza biurem",
    "automatická odpověď",
    "automatická odpoveď",
    "samodejni odgovor",
    "automatski odgovor",
    "automatinis atsakymas",
    "automātiska atbilde",
    "automaatvastus",
    "automatikus válasz",
    "αυτόματη απάντηση",
    "otomatik yanıt",
    "otomatik cevap",
    # Asia, Arabic, Hebrew
    "自動応答",
    "自動返信",
    "不在通知",
    "自动答复",
    "自动回复",
    "自動回覆",
    "자동 회신",
    "자동 응답",
    "부재 중",
    "부재중",
    "trả lời tự động",
    "jawaban otomatis",
    "رد تلقائي",
    "תשובה אוטומטית",
    "מענה אוטומטי",
)
# Some machines put this straight before the subject they answer, without a colon.
_BEFORE_A_SUBJECT = (
    "out of office autoreply",
    "out of office auto-reply",
    "automatic reply from",
    "autoreply from",
    "auto-reply from",
    "auto: re",
    "auto: aw",
    "auto: fw",
    "自动回复",
    "自動返信",
)

# Alone it is no machine's: "Abwesend" may be all that a person writes above a mail.
_ALONE_TOO_LITTLE = {"abwesend", "poissa", "frånvaro", "fravær", "out of the office"}

AWAY_ALONE = frozenset(one.casefold() for one in _OPENINGS if one not in _ALONE_TOO_LITTLE)
_OPENING = "|".join(re.escape(one.casefold()) for one in sorted(_OPENINGS, key=len, reverse=True))
_BEFORE = "|".join(re.escape(one.casefold()) for one in _BEFORE_A_SUBJECT)
AWAY_OPENINGS = re.compile(
    rf"(?:{_OPENING})\s?(?:\([^()]{{0,80}}\)\s?)?[:：]|(?:{_BEFORE})(?![^\W\d_])"
)
_MADE_BY = r"auto(?:matically|matic)?[ _-]?(?:generated|submitted)"
AWAY_IN_BRACKETS = re.compile(rf"\W{{0,3}}[\[(【<]\s?(?:{_OPENING}|{_MADE_BY})\s?[\])】>]")
AWAY_NAMED = re.compile(
    r"AUTO: \S.{1,150}\([^()]{0,40}\d{1,4}[./-]\d{1,2}[./-]\d{2,4}[^()]{0,10}\)\s*"
    r"|(?:AUTO: )?\S.{1,80} is out of (?:the )?office\.? \(return(?:ing)? [^()]{1,40}\)\.?\s*"
)
"""As Notes writes it, in each of its languages."""
