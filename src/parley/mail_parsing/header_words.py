"""The lines of a header above a quote (Outlook, Lotus, Gmail's forwards), in their users' languages."""

from __future__ import annotations

_WRITTEN = {
    "from": """
        from · von · de · da · van · от · от кого · отправитель · від · від кого · od · från · fra ·
        lähettäjä · expéditeur · remitente · remetente · mittente · afzender · absender · feladó ·
        kimden · gönderen · από · 差出人 · 送信者 · 发件人 · 寄件者 · 寄件人 · 보낸 사람 · 보낸사람 ·
        מאת · من · de la ·
        odosielateľ · odesílatel · nadawca · saatja
    """,
    "date": """
        sent · date · received · gesendet · datum · envoyé · envoyé le · enviado · enviado el ·
        enviada · enviada em · enviado em · fecha · data · inviato · verzonden · отправлено ·
        отправлен · дата · дата отправки · надіслано · wysłano · data wysłania · wysłane · skickat ·
        skickades · sendt · dato · lähetetty · päivämäärä · odesláno · odoslané · dátum · elküldve ·
        tarih · gönderildi · gönderme tarihi · ημερομηνία · 日付 · 送信日時 · 日時 · 发送时间 · 日期 ·
        傳送時間 · 보낸
        날짜 · 날짜 · תאריך · נשלח · تاريخ · trimis · expédié · saadetud
    """,
    "to": """
        to · an · à · a · para · aan · кому · получатель · do · komu · till · til · vastaanottaja ·
        pour · per · destinataire · destinatario · destinatário · empfänger · címzett · kime · alıcı
        · προς · 宛先 · 收件人 · 收件者 · 받는 사람 · 받는사람 · אל · إلى · către
    """,
    "subject": """
        subject · betreff · objet · sujet · asunto · assunto · oggetto · onderwerp · тема · temat ·
        předmět · predmet · ämne · emne · aihe · tárgy · konu · θέμα · 件名 · 主题 · 主旨 · 主題 · 제목 · נושא
        · الموضوع · subiect
    """,
    "other": """
        cc · bcc · kopie · kopi · kopia · копия · копія · cópia · kopio · cco · ccn · dw · 抄送 · 参照 ·
        참조 · reply-to · antwort an · répondre à · responder a · responder para · rispondi a ·
        antwoord aan · svar til · importance · priority · wichtigkeit · priorität · важность ·
        importancia · prioridad · importância · importanza · belang · attachments · attachment ·
        anlagen · anhang · вложения · pièces jointes · pièce jointe · adjuntos · datos adjuntos ·
        anexos · allegati · bijlagen · załączniki · on behalf of · im auftrag von · organization ·
        organisation · message-id · mailed-by · signed-by · newsgroups · conversation
    """,
}
# What a label of a header says of its mail: who sent it, when, to whom, what of, or something else.
LABELS: dict[str, tuple[str, ...]] = {
    kind: tuple(" ".join(label.split()) for label in written.split("·"))
    for kind, written in _WRITTEN.items()
}
