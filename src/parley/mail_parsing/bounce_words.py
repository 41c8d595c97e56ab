"""What mail servers say when a mail did not arrive, in the languages they speak.

`SUBJECTS` are beginnings (or ends) of their subjects, `FAILURES` sentences of their reports,
`SERVERS_BEGIN` those that servers alone begin with, `DELAYS` sentences of those that still try.
"""

from __future__ import annotations

import re


def any_of(phrases: str) -> re.Pattern[str]:
    """One phrase a line; a line that begins with two blanks goes on with the phrase above it."""
    return re.compile("|".join(phrases.strip("\n").replace("\n  ", "").split("\n")), re.IGNORECASE)


SUBJECTS = any_of(
    r"""
^(?:undeliver|undelivered|non[- ]?deliver|not delivered)
^(?:mail |message |e-?mail |your |permanent |final )*delivery[- ]*(?:status notification|fail|
  error|problem|report|has failed|unsuccessful|delayed|warning|notification)
^(?:\*\*)?(?:mail |message |e-?mail )(?:could not be |cannot be |was not |not |un)deliver
^(?:mail|message|e-?mail) (?:delivery )?(?:failure|failed|error|returned|status|system error|
  undeliver|rejected|bounced)
^(?:returned|bounced|rejected|unsent|bounce)[ :-]*(?:mail|message|e-?mail)?\b.{0,12}(?::|$|mail|
  see transcript)
^(?:failure|error) (?:notice|notification|report|sending|delivering|in delivery)
^(?:failed (?:mail|message|delivery|to deliver|e-?mail)|unable to deliver|
  could ?n[o']t (?:be )?deliver|cannot deliver|can't deliver)
^warning: (?:could not send|message|mail|e-?mail|.{1,80}user unknown)
^automatically rejected mail
^processing error
^your (?:message|mail|e-?mail) to .{1,200} (?:could not|cannot|was not)
^(?:ваше )?(?:сообщение|письмо) не доставлено
^dsn[: ]
^ndr[: ]
^nondeliverable
^mail system error
^user unknown
^unknown user
^problems? deliver
^notification of delivery
^mdaemon (?:notification|warning)
^postmaster notify
^sender address rejected
^invalid (?:address|recipient)
^address (?:error|not found)
^unzustellbar
^nicht zustellbar
^nicht zugestellt
^unzustellbare
^(?:e-?mail|nachricht|mail).{0,20}(?:unzustellbar|nicht zugestellt)
^fehler bei der (?:mail|nachrichten)?zustellung
^zustell
^rückläufer
^übermittlungsfehler
^benachrichtigung zum übermittlungsstatus
^недоставлен
^не ?доставлен
^не удал(?:ось|ась)
^не удаётся
^не удается
^невозможно доставить
^сбой
^ошибка (?:при )?(?:доставк|отправк)
^(?:сообщение|письмо|почта) не (?:доставлен|может)
^уведомление о (?:недоставк|состоянии|статусе|доставк)
^доставка не
^отложен
^не вдалося доставити
^неможливо доставити
^недоставлено
^помилка доставки
^non remis
: non remis$
^non[- ]distribu
^échec
^message non (?:remis|distribué|délivré)
^courrier (?:électronique )?non
^notification d'état de remise
^votre message n'a pas
^no se (?:ha |pudo |puede )
^error (?:de|en la) entrega
^no entregado
^mensaje no
^correo (?:devuelto|no entregado)
^notificación (?:de|del) estado
^entrega fallida
^fallo
^non recapitabil
^impossibile (?:recapitare|consegnare)
^mancat[ao] (?:recapito|consegna)
^messaggio non
^avviso di mancata
^notifica (?:sullo )?stato
^errore di consegna
^não (?:foi )?(?:entregue|possível)
^falha (?:na|de) entrega
^mensagem não
^não é possível entregar
^notificação (?:de|do) (?:status|estado)
^e-?mail não entregue
^onbestelbaar
^niet te bezorgen
^kan niet worden bezorgd
^bezorging
^aflever
^niet bezorgd
^bericht niet
^kan inte levereras
^det gick inte att leverera
^ej levererbart
^olevererbar
^leveransfel
^misslyckad leverans
^kan ikke leveres
^ikke leveret
^ikke levert
^kunne ikke levere
^mislykket lever
^uleverbar
^leveringsfejl
^ei voi(?:tu|da) toimittaa
^toimitus
^viestiä ei
^toimittamaton
^niedostarczal
^niedostarczon
^nie (?:można|udało się) dostarczyć
^nie dostarczono
^nieudane dostarcz
^błąd dostarcz
^zwrot
^nedoručiteln
^nedoručen
^nelze doručit
^nepodařilo se doručit
^doručení
^nemožno doručiť
^nedoručiteľn
^kézbesíthetetlen
^nem kézbesíthető
^sikertelen kézbesítés
^teslim edilemedi
^iletilemedi
^teslim edilemeyen
^nelivrabil
^imposibil de livrat
^ανεπίδοτο
^αδύνατη η παράδοση
^недоставимо
^配信不能
^配信(?:できません|エラー|失敗)
^送信(?:エラー|できません|失敗)
^未配信
^エラー通知
^undeliverable
^メール(?:配信|送信)
^退信
^系统退信
^系統退信
^未送达
^未传递
^无法投递
^無法投遞
^无法送达
^無法傳遞
^传递失败
^投递失败
^邮件(?:投递|发送|退)
^郵件
^배달되지 않음
^전송 ?(?:실패|불가)
^반송
^메일 ?(?:전송|발송) ?실패
^배달 실패
^لم يتم
^تعذر تسليم
^לא ניתן (?:למסירה|למסור)
^ส่งไม่
^không thể (?:gửi|chuyển)
"""
)

SERVERS_BEGIN = any_of(
    r"""
(?:could not be|was not|cannot be|has not been) delivered to the following recipients?[^\n]{0,20}
(?:the (?:e-?mail|message) (?:below|returned)|your (?:e-?mail|message|
  mail))[^.\n]{0,80} (?:could not be|was not|cannot be|has not been) delivered to[^\n]{0,60}
did not reach the following recipient[^\n]{0,20}
delivery to the following recipients? (?:has |have )?(?:failed|been delayed)[^\n:]{0,20}
following recipients? (?:could not be reached|did not receive)[^\n]{0,60}
failed recipients?[^\n]{0,20}
votre (?:message|courrier)[^.\n]{0,40}n'a pas pu [eê]tre (?:remis|d[eé]livr[eé]|distribu[eé]|
  livr[eé]) (?:à|a|aux)[^\n]{0,60}
(?:ihre|die) (?:nachricht|e-?mail|mail)[^.\n]{0,60}konnte[^.\n]{0,60}nicht zugestellt[^\n]{0,40}
ваше (?:письмо|сообщение)[^.\n]{0,40}не (?:было |может быть )?доставлено[^\n]{0,60}
"""
)

FAILURES = any_of(
    r"""
intended recipient:
did not receive a copy
returned because
not match an
(?:could ?n[o']t|can ?n[o']t|can't|was(?: not|n't)|were not|not|never) (?:yet )?(?:been |
  be )?(?:able to )?(?:deliver|sent\b|send\b|relay|forwarded to)
unable to (?:deliver|relay|send|complete|route)
failed to (?:deliver|send|reach)
undeliver(?:able|ed)
non-?deliver
deliver(?:y|ed)?[^.\n]{0,60}(?:fail|unsuccess|error|not possible|problem)
fail(?:ed|ure)?[^.\n]{0,20}deliver
delivery status notification
(?:did not|didn't|has not|hasn't) (?:reach|been delivered|been received)
could not be (?:reached|found|accepted|processed)
couldn't be (?:reached|found)
(?:permanent|fatal|delivery) (?:fatal )?(?:errors?|failure)
(?:message|mail)[^\n]{0,60}(?:was|is|has been|been) (?:automatically )?(?:rejected|refused|
  returned|bounced|blocked|discarded|delayed|undelivered)
(?:user|recipient|address|mailbox|account|addressee)[^.\n]{0,60}(?:unknown|not (?:found|exist|
  known|listed|recognized|recognised|available|active|valid)|unavailable|does ?n[o']t exist|full|
  over quota|exceed|disabled|suspended|inactive|rejected|invalid|deactivated)
(?:unknown|no such|invalid|non-?existent|bad) (?:local )?(?:user|recipient|address|mailbox|
  destination|account|host|domain)
not (?:a )?(?:valid|known) (?:local )?(?:user|recipient|address|mailbox)
no mailbox here
not our customer
unrout(?:e)?able
over quota
retry timeout exceeded
relay(?:ing)? (?:access )?denied
returned to (?:you|sender)
following (?:address|recipient)[^\n]{0,40}fail
had problems
will (?:be|continue to be) retried
host (?:unknown|not found)
nicht (?:zugestellt|zustellbar|übermittelt|ausgeliefert|gefunden)
unzustellbar
zustellung[^.\n]{0,60}(?:fehlgeschlagen|nicht möglich|gescheitert|verzögert)
konnte[^.\n]{0,60}nicht[^.\n]{0,40}(?:werden|zustellen)
fehlgeschlagen
existiert nicht
unbekannter (?:empfänger|benutzer)
не (?:удалось|удаётся|удается|может|могло|смог(?:ла|ли)?|был[оаи]?)[^.\n]{0,60}достав
невозможно доставить
недоставлен
не доставлен
(?:ошибк|сбо)[^.\n]{0,20}доставк
(?:пользовател|адрес|ящик|получател)[^.\n]{0,60}(?:не (?:найден|существует|зарегистрирован)|
  переполнен|заблокирован|отключ)
не существует
доставка[^.\n]{0,60}(?:задерж|невозможн|не удал)
не вдал(?:ося|ося)[^.\n]{0,30}достав
неможливо доставити
не (?:було|може бути) доставлен
n'a (?:pas|pu)[^.\n]{0,30}(?:remis|livr|distribu|délivr|delivr|achemin|transmis)
échec[^.\n]{0,30}(?:remise|livraison|distribution|envoi)
impossible d[e'] ?(?:remettre|délivrer|livrer|distribuer|envoyer|acheminer)
non[- ]remis
n'existe pas
remise[^.\n]{0,40}échou
no (?:se )?(?:ha|pudo|pudieron|puede|fue|han)[^.\n]{0,30}(?:entreg|envi)
error[^.\n]{0,20}entrega
imposible (?:la )?entreg
no existe
buzón[^.\n]{0,30}lleno
entrega[^.\n]{0,30}(?:fallid|falló|retras)
non è stato possibile (?:consegn|recapit|invi)
impossibile (?:recapit|consegn)
mancat[ao] (?:recapito|consegna)
non (?:recapitabil|è stato (?:consegn|recapit)|può essere (?:consegn|recapit))
consegna[^.\n]{0,40}(?:fallit|non riuscit)
non esiste
casella[^.\n]{0,30}piena
não (?:foi|pôde|pode|é)[^.\n]{0,30}(?:entreg|envi)
falha[^.\n]{0,20}entrega
não existe
não entregue
caixa[^.\n]{0,30}cheia
(?:kon|kan|is) niet[^.\n]{0,40}(?:bezorg|aflever|afgelever|verzonden)
onbestelbaar
(?:bezorging|aflevering)[^.\n]{0,40}(?:mislukt|vertraagd)
bestaat niet
(?:kunde|kan|gick) inte[^.\n]{0,40}lever
leverans[^.\n]{0,30}misslyck
(?:kunne|kan|ble|blev) ikke[^.\n]{0,40}lever
levering[^.\n]{0,30}mislyk
finns inte
findes ikke
finnes ikke
ei voi(?:tu|da)[^.\n]{0,30}toimit
toimit[^.\n]{0,30}epäonnistu
ei ole olemassa
nie (?:można|mogła|udało się|została|zostala|dostarczono)[^.\n]{0,30}dostarcz
niedostarcz
nie dostarczono
nie istnieje
(?:nelze|nemohl[ao]?|nebyl[ao]?|nepodařilo se)[^.\n]{0,30}doruč
nedoručiteln
neexistuje
nemožno doručiť
nem (?:kézbesíthető|sikerült|lehetett)
kézbesítés[^.\n]{0,20}sikertelen
teslim edil(?:e)?me
iletil(?:e)?me
nu a putut fi livrat
nelivrabil
αδύνατη η παράδοση
δεν (?:ήταν δυνατή|παραδόθηκε)
(?:配信|配送|送信|配達|転送|お届け|届け)(?:は|が|する(?:こと(?:は|が))?|を|ること(?:は|が)|られ|こと(?:が|は)でき)?(?:でき|出来|
  し)?(?:ません|なかった|ず|ませんでした)
配信不能
届きません
宛先(?:不明|が見つかり)
(?:見つかり|存在し)ません
エラーが発生
遅延して
无法(?:投递|送达|发送|传递|递送)
無法(?:投遞|送達|發送|傳遞|寄送)
退信
被退回
(?:投递|发送|传递|投遞|傳送)失败
失敗
不存在
未(?:能)?(?:送达|传递|投递)
拒收
拒绝
(?:전달|배달|전송|발송)(?:하지 못|되지|에 실패|할 수 없| ?실패)
존재하지 않
반송
لم (?:يتم|نتمكن)
تعذر
לא ניתן (?:למסור|היה)
ไม่สามารถ(?:ส่ง|นำส่ง)
không thể (?:gửi|chuyển|giao)
"""
)

DELAYS = any_of(
    r"""
(?:is|has been|was|been|delivery) delayed
not yet (?:been )?deliver
has ?n[o']t yet been delivered
will (?:be|continue to be) (?:retried|tried)
will (?:keep|continue) (?:trying|to (?:try|attempt|retry))
delivery attempts will continue
(?:do|does|need) not need to resend
you do not need to
warning (?:message )?only
still being (?:tried|retried|attempted)
still (?:in (?:the |our )?queue|undelivered)
temporar(?:y|ily) (?:delayed|problem)
will try (?:again|for)
\(delay(?:ed)?\)
deferred
verzögert
wird weiterhin versucht
noch nicht zugestellt
weitere zustellversuche
задерж
отложен
ещё не доставлен
еще не доставлен
попытки доставки (?:будут )?продолж
повторн(?:ые|ая) попытк
retardé
différé
pas encore été (?:remis|distribué|livré)
retrasad
demorad
todavía no se ha
in ritardo
ritardat[ao]
non ancora (?:recapit|consegn)
atrasad
adiad
ainda não foi
vertraagd
fördröj
forsink
viivästy
opóźnion
zpožd
késleltet
gecikti
затрима
遅延
遅れて
再送信?(?:を)?(?:試み|続け|行い|中|します|いたします|しています|される)
延迟
延遲
推迟
지연
"""
)
