"""What people call messengers and social networks, in both languages."""

from __future__ import annotations

CHAT = (
    r"(?:what'?s ?app|watsapp|whatapp|wats ?app|wsap|wh[@4]tsapp"
    r"|tele ?gram|telegrm|t ?g|wechat|viber|skype"
    r"|discord|imessage|face ?time"
    r"|в[оа]т?с[аэ]п\w*|в[оа]ц[аэ]п\w*|вотс[уе]?|ватс|уотсап\w*|телег[аеуи]|телег?р[а@]м\w?\w?|т ?г|тлг"
    r"|вайбер\w{0,2}|скайп\w?|дискорд\w?|вичат\w?)"
)
"""Names of little else. Case endings are in; other words of the root are not."""
SOCIAL = (
    r"(?:insta(?:gram)?|ig|facebook|fb(?: messenger)?|snapchat|snap|tik ?tok|linkedin|twitter"
    r"|инст[аеуы]|инстаграм\w?\w?|вк|вконтакте|фейсбук\w?|тикток\w?)"
)
"""Places where one sells and shows, and talks as well."""
UNSURE = (
    r"(?:signal|teams|slack|messenger|zoom|kik|max|макс\w?|мессенджер\w?|сигнал\w?|личк\w|личн\w+ сообщени\w+"
    r"|директ\w?|dms?)"
)
"""Words of other things too: they count only where somebody is asked to go there."""
SURE = rf"(?:{CHAT}|{SOCIAL})"
ANY = rf"(?:{CHAT}|{SOCIAL}|{UNSURE})"
EDGE, END = r"(?<![^\W_])", r"(?![^\W_])"
