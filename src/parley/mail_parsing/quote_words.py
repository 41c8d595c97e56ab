"""The words that mail programs put around what they quote, in the languages of their users.

All in lower case (`str.casefold`), as regular expressions without anchors: `attributions` and
`signatures` join and compile them. Each list says which programs write such lines.
"""

from __future__ import annotations

# “On … Anna wrote:”. A language's verbs, as Gmail, Apple Mail, Thunderbird, Outlook, Yandex, mail.ru,
# Proton, K-9 and Lotus write them. Weak words (“said”) count only beside a date or an address.
VERBS = (
    # English
    r"wrote",
    r"writes",
    r"said",
    r"sent",
    r"has written",
    r"typed",
    r"quoting",
    # Russian, Ukrainian, Belarusian, Bulgarian, Serbian
    r"написала?(?:\(а\))?",
    r"написав(?:\(ла\))?",
    r"написали",
    r"писала?(?:\(а\))?",
    r"пишет",
    r"пише",
    r"піша",
    r"напісаў",
    r"написа",
    r"је написао(?:/ла)?",
    r"сообщила?(?:\(а\))?",
    r"вы писали",
    r"you wrote",
    r"excerpts from .{1,80} message of",
    # German, Dutch, Afrikaans
    r"schrieb(?:en sie)?",
    r"schreibt",
    r"geschrieben",
    r"zitat von",
    r"schreef",
    r"schrijft",
    r"geschreven",
    # French, Spanish, Catalan, Portuguese, Italian, Romanian
    r"a\s*écrit",
    r"écrit",
    r"écrivait",
    r"a ecrit",
    r"escribi[óo]",
    r"ha escrito",
    r"va escriure",
    r"escreveu",
    r"ha scritto",
    r"scrive(?:va)?",
    r"a scris",
    # Polish, Czech, Slovak, Slovenian, Croatian
    r"napisała?(?:\(a\))?",
    r"pisze",
    r"pisał\(a\)",
    r"napsala?(?:\(a\))?",
    r"napísala?(?:\(a\))?",
    r"napísal/a",
    r"je napisal[ao]?(?:\(a\))?",
    r"je napisao(?:/la)?",
    # Swedish, Norwegian, Danish, Finnish, Estonian, Latvian, Lithuanian, Hungarian
    r"skrev",
    r"skriver",
    r"kirjoitti",
    r"kirjutas",
    r"rakstīja",
    r"parašė",
    r"írta",
    r"ezt írta",
    # Turkish, Greek, Indonesian, Vietnamese
    r"yazdı",
    r"şunu yazdı",
    r"έγραψε",
    r"menulis",
    r"đã viết",
    # Hebrew, Arabic, Persian
    r"כתב/?ה?",
    r"كتب",
    r"نوشت",
)
# Written without a space before them.
VERBS_WITHOUT_SPACES = (
    "写道",
    "寫道",
    "のメッセージ",
    "さんは書きました",
    "は書きました",
    "님이 작성",
    "작성",
    "님이 쓴 글",
    "เขียนว่า",
)

# What such a line begins with, before its date.
STARTERS = (
    # en de nl fr es it pt ro
    "on",
    "at",
    "in message",
    "quoting",
    "am",
    "op",
    "le",
    "el",
    "il giorno",
    "il",
    "em",
    "a",
    "no dia",
    "în data de",
    "la",
    "pe",
    # pl cs sk sl hr hu
    "w dniu",
    "dnia",
    "dne",
    "dňa",
    "dana",
    "v v",
    # sv no da fi
    "den",
    "på",
    "kl",
    # tr el
    "tarihinde",
    "στις",
    # ru uk bg
    "в",
    "от",
    "на",
    "дата",
    # a phone's line, glued to the one above the quote
    "отправлено",
    "sent from",
    "gesendet von",
    # he ar zh
    "בתאריך",
    "ב-",
    "في",
    "在",
    "于",
)

# Between the date and the name, said by no person of another person in a sentence of theirs.
CLIENT_WORDS = ("пользователь", "користувач", "użytkownik", "uživatel", "používateľ", "via")

# The first letters of months and days, enough to know them: “sept.”, “сент.”, “März”.
MONTHS = (
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    r"jän|mär|mrz|mai|okt|dez",
    r"янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек",
    r"січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру",
    r"fév|fev|avr|mai|juin|jui|aoû|aou|déc|déc",
    r"ene|abr|ago|dic",
    r"gen|mag|giu|lug|set|ott",
    r"out|dez|mrt|maa|mei|maj",
    r"sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru",
    r"led|úno|bře|dub|kvě|čer|srp|zář|říj|pro",
    r"tam|hel|huh|tou|kes|hei|elo|syy|lok|mar|jou",
    r"oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara",
    r"ιαν|φεβ|μαρ|μάρ|απρ|μαι|μάι|ιουν|ιουλ|αυγ|αύγ|σεπ|οκτ|νοε|νοέ|δεκ",
    r"ian|iun|iul|noi|márc|ápr|máj|jún|júl|szept|velj|ožu|svi|kol|ruj|stu|agu|des|thg",
    r"בינו|בפבר|במרץ|באפר|במאי|ביוני|ביולי|באוג|בספט|באוק|בנוב|בדצמ",
    r"يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
    r"ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค",
)
DAYS = (
    r"mon|tue|wed|thu|fri|sat|sun",
    r"mo|di|mi|do|fr|sa|so",
    r"пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье",
    r"нд|неділя|понеділок|вівторок|середа|п'ятниця|субота",
    r"lun|mar|mer|jeu|ven|sam|dim",
    r"mié|mie|jue|vie|sáb|sab|dom|seg|ter|qua|qui|sex",
    r"gio|ma|wo|vr|za|zo|pon|wto|śro|czw|pią|sob|nie",
    r"po|út|st|čt|pá|ne|mån|tis|ons|tor|fre|lör|sön|man|tir|lør|søn",
    r"ma|ti|ke|to|pe|la|su|pzt|sal|çar|per|cum|cmt|paz",
)

# “-----Original Message-----”, “------ Пересланное сообщение ------”: the words between the dashes.
ORIGINAL = (
    r"original\s*message",
    r"original\s*(?:e-?)?mail",
    r"original appointment",
    r"original",
    r"reply message",
    r"reply (?:above|below)",
    r"message du \d[\d/.: àh-]{5,30}",
    r"replied message",
    r"quoted (?:text|message)",
    r"urspr(?:ü|ue)ngliche (?:nachricht|e-?mail)",
    r"originalnachricht",
    r"original-?nachricht",
    r"antwort nachricht",
    r"message d[’' ]?origine",
    r"message (?:original|initial)",
    r"courriel d[’' ]?origine",
    r"mensaje original",
    r"mensagem original",
    r"messaggio originale",
    r"oorspronkelijk bericht",
    r"origineel bericht",
    r"исходное сообщение",
    r"исходное письмо",
    r"оригинальное сообщение",
    r"первоначальное сообщение",
    r"початкове повідомлення",
    r"оригінальне повідомлення",
    r"wiadomość oryginalna",
    r"oryginalna wiadomość",
    r"původní (?:zpráva|e-mail)",
    r"pôvodná správa",
    r"ursprungligt meddelande",
    r"originalmeddelande",
    r"oprindelig (?:meddelelse|besked)",
    r"opprinnelig melding",
    r"alkuperäinen viesti",
    r"orijinal (?:mesaj|ileti)",
    r"özgün ileti",
    r"αρχικό μήνυμα",
    r"eredeti üzenet",
    r"mesaj original",
    r"元のメッセージ",
    r"original message",
    r"原始邮件",
    r"原始郵件",
    r"原邮件",
    r"回复的原邮件",
    r"원본 메(?:시지|일)",
    r"הודעה מקורית",
)
FORWARDED = (
    r"forwarded (?:message|mail|e-?mail)(?: follows)?",
    r"forwarded by .{1,80}",
    r"forward(?:ed)? message",
    r"weitergeleitete (?:nachricht|e-?mail)",
    r"message (?:transféré|réexpédié)",
    r"mensaje reenviado",
    r"mensagem (?:encaminhada|reencaminhada)",
    r"messaggio inoltrato",
    r"doorgestuurd bericht",
    r"пересылаемое (?:сообщение|письмо)",
    r"пересланное (?:сообщение|письмо)",
    r"перенаправленное (?:сообщение|письмо)",
    r"переслане повідомлення",
    r"wiadomość przekazana(?: dalej)?",
    r"przekazana wiadomość",
    r"treść przekazanej wiadomości",
    r"přeposlaná zpráva",
    r"preposlaná správa",
    r"vidarebefordrat meddelande",
    r"vidarebefordrat brev",
    r"videresendt (?:meddelelse|melding)",
    r"videresendt besked",
    r"välitetty viesti",
    r"iletilen mesaj",
    r"yönlendirilmiş ileti",
    r"továbbított (?:üzenet|levél)",
    r"mesaj redirecționat",
    r"転送(?:された)?メッセージ",
    r"转发(?:的)?(?:邮件|邮件信息)",
    r"轉寄(?:的)?(?:郵件|訊息)",
    r"전달된 메(?:시지|일)",
    r"הודעה שהועברה",
)
# Apple Mail's own line above what it passes on, without dashes.
FORWARDED_BEGINNINGS = (
    r"begin forwarded message",
    r"anfang der weitergeleiteten (?:nachricht|e-?mail)",
    r"début du message (?:réexpédié|transféré)",
    r"inicio del mensaje reenviado",
    r"início da mensagem (?:encaminhada|reencaminhada)",
    r"inizio messaggio inoltrato",
    r"begin doorgestuurd bericht",
    r"начало переадресованного сообщения",
    r"начало пересланного сообщения",
    r"początek przekazywanej wiadomości",
    r"začátek přeposílané zprávy",
    r"vidarebefordrat (?:brev|meddelande)",
    r"start på videresendt besked",
    r"videresendt melding",
    r"välitetty viesti alkaa",
    r"iletilen ileti başlangıcı",
    r"転送されたメッセージ",
    r"下面是被转发的邮件",
    r"開始轉寄郵件",
)
# “Please type your reply above this line”: what desks write.
ABOVE_THIS_LINE = (
    r"(?:type|write|reply|respond|answer)\b.{0,40}\babove (?:this|the) line",
    r"above (?:this|the) line.{0,40}\b(?:reply|respond|answer)",
    r"reply above to",
    r"antwort.{0,40}\b(?:oberhalb|über) dieser (?:zeile|linie)",
    r"\b(?:oberhalb|über) dieser (?:zeile|linie).{0,40}(?:antwort|schreib)",
    r"(?:répon|écri).{0,40}au-dessus de cette ligne",
    r"(?:respuesta|respond|escrib).{0,40}(?:por encima|encima|sobre) de esta línea",
    r"(?:ответ|напиш|пишите).{0,40}выше этой (?:линии|строки|черты)",
)

# A person's words for answers that stand within what they quote.
ANSWERS_WITHIN = (
    (
        r"(?:answers?|replies|responses?|comments?|remarks?|answered|replied|commented)\W.{0,30}"
        r"(?:in-?line|in (?:red|blue|green|bold|colou?r)|between the lines)"
    ),
    r"(?:my|our) (?:answers?|repl(?:y|ies)|responses?|comments?|remarks?)\W.{0,30}below",
    (
        r"(?:antwort(?:en)?|kommentare?|anmerkung(?:en)?)\W.{0,30}"
        r"(?:im text|inline|in (?:rot|blau|grün)|rot|farbig|zwischen den zeilen)"
    ),
    r"(?:meine|unsere) (?:antwort(?:en)?|kommentare|anmerkungen)\W.{0,30}unten",
    (
        r"(?:réponses?|commentaires?|remarques?)\W.{0,30}"
        r"(?:dans le (?:texte|mail|message)|en (?:rouge|bleu|vert|gras))"
    ),
    r"(?:mes|nos) (?:réponses|commentaires|remarques)\W.{0,30}(?:ci-dessous|plus bas)",
    r"(?:respuestas?|comentarios?)\W.{0,30}(?:en (?:rojo|azul|verde|negrita)|en el (?:texto|mensaje))",
    r"(?:mis|nuestr[ao]s) (?:respuestas|comentarios)\W.{0,30}abajo",
    (
        r"(?:ответы|комментарии|ответил(?:а|и)?)\W.{0,30}"
        r"(?:ниже|в тексте|внутри|(?:красн|син|зел[её]н)\w+|между строк)"
    ),
    r"risposte\W.{0,30}(?:sotto|in (?:rosso|blu)|nel testo)",
)

# Words of a person who tells something in a sentence: no mail program writes them above a quote.
SENTENCE_WORDS = (
    r"i|i'm|i've|we|my|our|your|me|us|he|she|they|that|which|because|ich|wir|mein\w*|unser\w*|ihr\w{0,3}|dass"
    r"|я|мы|он|она|они|мне|нам|меня|мой|моя|наш\w*|ваш\w*|что|который|которая"
    r"|je|j'ai|nous|mon|notre|votre|que|yo|mi|nuestr\w+|su|nosotros|eu|meu|nosso"
)
