"""The words people and their programs sign with, in their languages.

All in lower case (`str.casefold`), as regular expressions without anchors; `signatures` joins them.
"""

from __future__ import annotations

# A closing that stands on a line of its own. Thanks alone is said to the reader and is no closing.
CLOSINGS = (
    # English
    (
        r"(?:(?:many )?thank(?:s| you)(?: (?:very|so) much)?[,.!]?(?: and| &|,)? )?"
        r"(?:with )?(?:(?:my|the|very|our) )?(?:(?:best|kind|kindest|warm|warmest|many|good)[ ,&]*(?:and )?)*"
        r"(?:regards|rgds|wishes)(?: from .{1,30})?"
    ),
    r"(?:yours )?(?:sincerely|faithfully|truly|respectfully|cordially)(?: yours)?",
    r"cheers",
    r"all the best",
    r"best,",
    r"(?:yours|warmly|take care|talk soon),",
    r"(?:with )?(?:many |much )?(?:gratitude|appreciation),",
    r"b\.?r\.?",
    # German
    (
        r"mit (?:(?:freundliche[mnr]|beste[mnr]|herzliche[mnr]|liebe[mnr]|kollegiale[mnr]|vielen|schöne[nr])"
        r"(?: und )?[ ,]*)+(?:gr(?:ü|ue)(?:ß|ss)e?n?|gru(?:ß|ss))(?: (?:aus|von|nach) .{1,40})?"
    ),
    (
        r"(?:(?:freundliche|beste|viele|liebe|herzliche|schöne|sonnige)[rsn]? )?"
        r"(?:gr(?:ü|ue)(?:ß|ss)e?|gru(?:ß|ss))(?: (?:aus|von|nach) .{1,40})?"
    ),
    (
        r"(?:(?:vielen|besten|herzlichen) )?dank (?:und|&) "
        r"(?:(?:freundliche|beste|viele|liebe|herzliche|schöne)[rn]? )?gr(?:ü|ue)(?:ß|ss)e?"
    ),
    r"hochachtungsvoll",
    r"(?:mfg|vg|lg|bg)",
    # French
    r"(?:(?:bien|très|tres) )?(?:cordialement|amicalement|sincèrement|respectueusement)",
    r"(?:bien )?(?:à|a) (?:vous|toi)",
    (
        r"(?:(?:mes|nos|avec) )*(?:(?:meilleures|sincères|cordiales|respectueuses) )?salutations"
        r"(?: (?:distinguées|cordiales|les meilleures))?"
    ),
    r"(?:cdlt|cdt|bàv)",
    # Spanish, Catalan
    (
        r"(?:(?:muchos|cordiales|un|reciba un|le envío un|mis) )?(?:cordial(?:es)? )?saludos?"
        r"(?: cordial(?:es)?| atentos?)?"
    ),
    r"(?:muchas )?gracias y (?:un )?(?:cordial(?:es)? )?saludos?(?: cordial(?:es)?)?",
    r"saludos y (?:muchas )?gracias",
    r"(?:muy )?atentamente",
    r"(?:atte|un (?:fuerte )?abrazo|salutacions(?: cordials)?)",
    # Portuguese, Italian, Romanian
    r"atenciosamente|att|atte",
    r"(?:com )?(?:os )?(?:meus |nossos )?(?:melhores |cordiais )?cumprimentos|(?:um )?abraços?",
    r"(?:(?:i )?(?:miei |nostri |più )?(?:cordiali|distinti|migliori) )?saluti|un (?:caro )?saluto",
    r"cordial(?:mente|ement)",
    r"cu (?:stimă|respect|stima)|toate cele bune",
    # Russian, Ukrainian, Belarusian, Bulgarian
    (
        r"(?:с|и с) (?:(?:глубоким|искренним|большим|огромным|наилучшим) )*(?:уважением|почтением)"
        r"(?: и (?:наилучшими|надеждой|благодарностью).{0,40})?"
    ),
    r"с (?:наилучшими|лучшими|добрыми|теплыми|тёплыми) пожеланиями",
    r"всего (?:вам )?(?:самого )?(?:доброго|хорошего|наилучшего)",
    r"искренне (?:ваша?|твоя?)",
    r"(?:з|із) (?:повагою|найкращими побажаннями)",
    r"з павагай",
    r"с уважение|поздрави",
    # Polish, Czech, Slovak, Croatian, Slovenian
    (
        r"(?:z|z wyrazami) (?:poważaniem|powazaniem|szacunku|szacunkiem)|(?:serdecznie )?pozdrawiam"
        r"(?: serdecznie)?|pozdrowienia|z pozdrowieniami"
    ),
    r"(?:s|se) (?:(?:přátelským|srdečným|priateľským) )?pozdrav(?:em|om)|s (?:úctou|přáním.{1,30})",
    r"(?:lijep |lep |srdačan )?pozdrav|s poštovanjem|lp",
    # Dutch, Swedish, Norwegian, Danish, Finnish, Estonian
    r"(?:met )?(?:(?:vriendelijke|hartelijke|beste) )?groet(?:en|jes)?|mvg|hoogachtend",
    (
        r"(?:med )?(?:(?:vänlig|vänliga|bästa|varma|venlig|vennlig|venlige|bedste|beste|kjærlig|gode)"
        r" )?(?:hälsning(?:ar)?|hilsen|hilsner)|mvh|dbh"
    ),
    r"(?:ystävällisin|parhain|lämpimin)? ?terveisin|terv\.?|t:|lugupidamisega|parimat(?:e soovidega)?",
    # Turkish, Hungarian, Greek, Lithuanian, Latvian
    r"(?:saygılarımla|saygılarımızla|saygılar|iyi çalışmalar|iyi günler dilerim|sevgiler)",
    r"(?:(?:baráti |szíves )?üdvözlettel|üdv|tisztelettel)",
    r"(?:με εκτίμηση|φιλικά|pagarbiai|ar cieņu)",
    # Hebrew, Arabic, Chinese
    r"בברכה|מע תחיאתי|(?:مع )?(?:أطيب )?(?:تحياتي|التحيات|التحية)",
    r"此致|敬礼|祝好|顺祝商祺|此致敬礼",
)

# Said to the reader: they stay with the text, and what is below is a signature if it has an address.
WISHES = (
    r"(?:best|yours|warmly)",
    r"(?:(?:with )?(?:many |best )?thanks|thank you)(?: again| in advance| and (?:best|kind) regards)?",
    r"have a (?:nice|great|good|lovely|wonderful) (?:day|weekend|evening|week|one|time)",
    r"(?:(?:très|tres) )?(?:bonne|belle|excellente) (?:journée|soirée|semaine|fin de journée|réception)",
    r"(?:bon|excellent) (?:week-?end|après-midi)",
    r"merci(?: (?:beaucoup|d['’]avance|par avance))?",
    r"(?:schönen|noch einen schönen) (?:tag|abend)(?: noch)?|schönes wochenende",
    r"(?:vielen |besten |herzlichen )?dank(?: im voraus)?|danke(?: (?:schön|sehr|im voraus))?",
    r"(?:muchas |mil )?gracias(?: (?:de antemano|por adelantado))?",
    r"(?:заранее )?(?:большое )?спасибо(?: заранее| большое)?|(?:заранее )?благодарю|хорошего (?:вам )?дня",
    r"grazie(?: mille)?|(?:muito )?obrigad[oa]",
)

DEVICES = (
    r"iphone|ipad|ipod|android\w*|galaxy|samsung|huawei|honor|xiaomi|redmi|poco|pixel|nokia|sony"
    r"|xperia|htc|lg|motorola|oneplus|blackberry\w*|windows(?: phone| mail)?|smartphone|handy"
    r"|mobile|mobil\w*|phone|tel[eé]fon\w*|t[ée]l[ée]phone|tablet\w*|outlook|gmail|yahoo!?|aol"
    r"|proton ?mail\w*|mail\.ru|mail app|k-9|nine|spark|airmail|mailbird|mailspring|tutanota|tuta|gmx"
    r"|web\.de|thunderbird|bluemail|mymail|телефон\w*|смартфон\w*|айфон\w*|планшет\w*|мобильн\w*"
    r"|яндекс\w*|почт\w+|пошт\w+|устройств\w*|приложени\w+|smartfon\w*|urządzeni\w+|puhelim\w+"
    r"|laitte\w+|mobiltelefon\w*|posteo|libero|orange|superhuman|front|missive|boxer|polymail"
    r"|apple mail|mac|laptop|computer|watch|mailbox|typeapp|edison|newton|canary|aqua mail|hey"
)
# What a program adds below a text by itself. `{device}` is a phone or a program.
DEVICE_LINES = (
    (
        r"sent (?:from|via|with|using|by|on) (?:my \S{1,30}(?: \S{1,30}){0,5}|(?:.{0,40}\W)?{device}"
        r"(?:\W.{0,60})?)"
    ),
    (
        r"sent from my .{1,60}[.,]? (?:please|pls|sorry|excuse|pardon|forgive|apologies) .{1,60}"
        r"|sent from my \S{1,30} (?:\S{1,30} ){0,7}(?:phone|device|tablet|mobile)"
    ),
    r"from my (?:.{0,20}\W)?{device}(?:\W.{0,30})?",
    r"\w{1,30} from mobile",
    r"(?:get|download|try) (?:outlook|yahoo mail|bluemail|spark|aqua mail|mail) for .{1,40}",
    r"outlook (?:for|für|pour|para|per|voor|для|til|på) (?:ios|android|mac|windows|desktop)\b.{0,60}",
    r"(?:von|vom) (?:mein|unser)\w{0,2} .{1,40} ?gesendet.{0,40}",
    r"(?:gesendet|versendet|verschickt) (?:von|vom|mit|über|aus) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"diese (?:nachricht|e-?mail|mail) wurde (?:von|mit|über) .{1,70} (?:gesendet|versendet|verschickt)",
    r"holen sie sich outlook für .{1,40}",
    (
        r"(?:отправлено|послано|написано|відправлено|надіслано|отправлена) (?:с|со|из|через|от|з|із|зі|від)"
        r" (?:.{0,40}\W)?{device}(?:\W.{0,40})?"
    ),
    r"(?:скачать|скачайте|загрузите|получите) outlook для .{1,40}",
    r"(?:envoyé|envoyée) (?:depuis|de|à partir d\w+|via|avec|par) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"(?:envoyé|envoyée) (?:depuis|de) mon .{1,40}",
    r"(?:obtenez|télécharger|téléchargez) outlook pour .{1,40}",
    r"enviad[oa] (?:desde|con|do|a partir do|via|de|pelo|usando) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"(?:obtener|descargar|obter o|baixe o|obtenha o) outlook para .{1,40}",
    r"inviato (?:da|dal|con|tramite) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"(?:ottieni|scarica) outlook per .{1,40}",
    r"(?:verzonden|verstuurd) (?:vanaf|met|van|door|via) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"outlook voor .{1,30} downloaden|download outlook voor .{1,30}",
    r"wysłan[eoay] (?:z|ze|przy użyciu|za pomocą) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"pobierz (?:program )?outlook dla .{1,40}",
    r"(?:skickat|sänt) (?:från|via|med) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"hämta outlook för .{1,40}",
    r"sendt (?:fra|via|med) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"(?:hent|få) outlook (?:til|for) .{1,40}",
    r"lähetetty (?:.{0,40}\W)?{device}(?:\W.{0,40})?",
    r"(?:odesláno|odoslané|posláno|poslano) (?:z|ze|s|iz|pomocí) (?:.{0,40}\W)?{device}(?:\W.{0,60})?",
    r"(?:.{0,40}\W)?{device}\S{0,12} gönderildi",
    r"(?:küldve|elküldve) (?:az? )?.{1,40}|(?:az? )?.{1,30}r[óő]l (?:el)?küldve",
    r"trimis de pe .{1,40}",
    r".{1,25}から送信",
    r"(?:从|從)?我的.{1,25}(?:发送|傳送|发出)",
    r"(?:发自|發自|来自|從|从)我的.{1,25}",
    r"(?:나의|내) .{1,25}에서 보냄",
    r"נשלח מ.{1,40}",
    r"أُ?رسل(?:ت)? من .{1,40}",
    r"đã gửi từ .{1,40}",
    r"(?:this|diese|this e-?mail|the) .{0,30}(?:has been|was|wurde) (?:checked|scanned|auf viren).{1,80}",
    (
        r"virus-?free\.?.{0,60}|virenfrei\.?.{0,60}|без вирусов\.?.{0,60}|libre de virus\.?.{0,60}"
        r"|garanti sans virus\.?.{0,60}|privo di virus\.?.{0,60}"
    ),
    r"please (?:excuse|forgive) (?:my |any |the )?(?:brevity|typos|typing|spelling|short).{0,60}",
    r"please consider the environment before printing.{0,60}",
)

_HEADINGS = (
    r"(?:confidentiality|privacy|legal|important|privileged)[ \w/&-]{0,40}(?:notice|disclaimer|note)"
    r"|disclaimer|haftungsausschluss|nota di riservatezza|avviso di riservatezza|aviso legal"
    r"|aviso de confidencialidade?|avis de confidentialité|cláusula de confidencialidad"
    r"|vertraulichkeitshinweis|уведомление о конфиденциальности|klauzula poufności"
)
_NOTICE = (
    r"confidential|privileged|addressee|intended (?:only|solely|recipient|for)|unauthori[sz]ed"
    r"|vertraulich|riservat|confidenzial|confidencial|confidentiel|destinat|конфиденциальн|адресат"
    r"|poufn|liabilit"
)
# How the small print that companies add begins; it goes on to the end.
SMALL_PRINT = (
    # A heading, which says so only together with words of such a notice.
    rf"(?:{_HEADINGS})\b.{{0,300}}(?:{_NOTICE})",
    (
        r"(?:this|the (?:information|contents?)(?: contained)? (?:in|of) this)"
        r" (?:e-?mail|message|communication|transmission)"
        r"(?: message| communication)?,?(?: w/attachments)?(?: from [^.,]{1,40})?"
        r"(?: \(?(?:and|including|together with|with) .{1,60}\)?)?"
        r" (?:is|are|may|contains?|was|has)\b.{0,200}"
        r"(?:confidential|privileged|intended|addressee|recipient|proprietary)"
    ),
    r"(?:diese|der inhalt dieser) (?:e-?mail|nachricht).{0,120}(?:vertraulich|geschützt|bestimmt)",
    (
        r"(?:ce|le présent|ce présent) (?:message|courriel|courrier électronique|mail|e-?mail).{0,160}"
        r"(?:confidentiel|destinataire|usage exclusif)"
    ),
    (
        r"(?:este|el presente|la información contenida en este) (?:mensaje|correo|e-?mail).{0,160}"
        r"(?:confidencial|destinatario|privilegiad)"
    ),
    r"(?:esta|a presente) mensagem.{0,160}(?:confidencial|destinatário)",
    (
        r"(?:questo messaggio|le informazioni contenute|ai sensi del).{0,160}"
        r"(?:riservat|confidenzial|destinatari|privacy|gdpr|196/2003)"
    ),
    (
        r"(?:настоящее|данное|это) (?:сообщение|письмо|электронное).{0,160}"
        r"(?:конфиденциальн|предназначен|адресат)"
    ),
    (
        r"(?:информация|содержимое|содержание)[, ].{0,60}(?:сообщени|письм).{0,120}"
        r"(?:конфиденциальн|предназначен|адресат)"
    ),
    r"(?:dit bericht|deze e-?mail|de informatie).{0,120}(?:vertrouwelijk|geadresseerde|bestemd)",
    r"(?:niniejsza|ta) (?:wiadomość|korespondencja).{0,120}(?:poufn|adresat|przeznaczon)",
)
