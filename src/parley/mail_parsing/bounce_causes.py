"""What servers say is wrong with an address or a mail, and the code it has (RFC 3463), likeliest first."""

from __future__ import annotations

import re

from parley.mail_parsing.bounce_words import any_of

CAUSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "2.2",
        any_of(
            r"""
(?:mail)?box[^.\n]{0,40}(?:full|exceed|over|quota)
over ?quota
quota (?:exceed|full|has been)
exceed[^.\n]{0,40}quota
insufficient (?:disk |system )?(?:storage|space)
out of (?:disk )?space
storage (?:limit|exceeded)
exceeded (?:the )?storage
mailfolder is full
disk (?:quota|full)
postfach[^.\n]{0,30}voll
переполнен
ящик[^.\n]{0,30}полон
boîte[^.\n]{0,40}pleine
buzón[^.\n]{0,30}lleno
casella[^.\n]{0,30}piena
caixa[^.\n]{0,30}cheia
postvak[^.\n]{0,30}vol
満杯
容量
已满
已滿
가득
przepełnion
"""
        ),
    ),
    (
        "1.1",
        any_of(
            r"""
(?:unknown|no such|invalid|non-?existent|bad|unrouteable|undeliverable) (?:local |virtual |
  destination )?(?:user|recipient|mailbox|address|account|mail ?drop|alias|person|employee)
(?:user|recipient|mailbox|account|address|addressee|person|employee|
  name)[^.\n@]{0,50}(?:unknown|not (?:be )?(?:found|exist|known|listed|recogni[sz]ed|here|valid)|
  does ?n[o']t exist|doesn't have|n[o']t have|invalid|no longer|not a valid)
no valid recipients?
no mailbox here
no such (?:user|person|recipient|mailbox|address)
not our customer
doesn't have an? .{1,40}account
not listed in
address couldn't be found
unknown in (?:virtual|local)
no account
isn't (?:a )?(?:valid|known)
not (?:a )?(?:valid|known) (?:local )?(?:user|recipient|address|mailbox)
there is no (?:user|one|account|such)
(?:ユーザー?|宛先|アドレス|ディレクトリ)[^。\n]{0,30}(?:存在し|見つかり|ありません|不明)
unbekannt
existiert nicht
nicht gefunden
kein(?:en?)? (?:solche[rn]? )?(?:empfänger|benutzer|postfach)
(?:пользовател|получател|адрес|ящик)[^.\n]{0,50}не (?:найден|существует|зарегистрирован|обнаружен)
не существует
не найден
n'existe pas
inconnu
introuvable
no existe
desconocid
no se encontr
non esiste
sconosciut
non trovat
não existe
não encontrad
bestaat niet
onbekend
finns inte
findes ikke
finnes ikke
nie istnieje
nieznan
neexistuj
不存在
找不到
존재하지 않
"""
        ),
    ),
    (
        "1.2",
        any_of(
            r"""
(?:host|domain|name server|server|mx)[^.\n]{0,40}(?:unknown|not (?:be )?found|
  does ?n[o']t exist|lookup fail)
(?:unknown|unrouteable|invalid|no such|couldn't find any|non-?existent|illegal|
  bad) (?:mail )?(?:host|domain|destination)
(?:host|domain) (?:name )?(?:lookup|not found)
nxdomain
dns (?:error|lookup)
no mx
unrouteable (?:mail )?domain
no (?:route|relay) to host
domain wasn't found
name or service not known
домен[^.\n]{0,40}не (?:найден|существует)
domaine[^.\n]{0,40}introuvable
dominio[^.\n]{0,40}(?:no existe|non)
域名不存在
"""
        ),
    ),
    (
        "2.1",
        any_of(
            r"""
(?:account|mailbox|user|recipient|address)[^.\n]{0,50}(?:disabled|inactive|suspended|
  deactivated|not (?:active|available|accepting)|closed|locked|discontinued|blocked)
no longer (?:active|in use|available|accepts)
inactive user
ящик[^.\n]{0,40}(?:заблокирован|отключ|не активен)
deaktiviert
gesperrt
désactivé
停用
禁用
"""
        ),
    ),
    (
        "3.4",
        any_of(
            r"""
(?:message|mail|size|content)[^.\n]{0,50}(?:too (?:big|large)|exceed[^.\n]{0,40}(?:size|limit|
  maximum))
too (?:big|large)
size limit
exceeds (?:the )?(?:maximum|size)
zu groß
слишком (?:большо|велик)
trop (?:volumineux|grand)
demasiado grande
troppo grande
muito grande
超过
過大
"""
        ),
    ),
    (
        "7.1",
        any_of(
            r"""
spam
block(?:ed|ing|list)
blacklist
black ?list
spamhaus
barracuda
reputation
policy
not (?:permitted|allowed|authori[sz]ed)
den(?:ied|y)
relay
refused
prohibited
forbidden
rejected
dmarc
spf
unsolicited
virus
content (?:filter|rejected)
banned
spamcop
спам
отклонен
abgelehnt
verweigert
rejeté
refusé
rechazad
rifiutat
rejeitad
geweigerd
拒绝
拒收
"""
        ),
    ),
    (
        "4.7",
        any_of(
            r"""
(?:retry|queue) time(?:out)?[^.\n]{0,20}(?:exceed|expired)
expired
too (?:long|old)
timed? ?out
too many hops
could not be delivered for
given up
gave up
превышено время
истек
"""
        ),
    ),
    (
        "4.1",
        any_of(
            r"""
connection (?:refused|timed|lost|dropped|reset)
could ?n[o']t (?:connect|establish)
requests to connect
no answer
unreachable
not respond
unable to connect
соединени
"""
        ),
    ),
)
