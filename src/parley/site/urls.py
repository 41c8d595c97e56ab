"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from parley.web import api, errors, stream
from parley.web.brand import brand_css
from parley.web.channels.incoming import incoming
from parley.web.chat.script import messenger_css, messenger_js
from parley.web.help import sitemap
from parley.web.people import accepting, asking
from parley.web.portal import company, files, home, mails, notices, settings, unsubscribing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("live", stream.live, name="live"),
    path("api/v1/", api.urls),
    path("account/", include("parley.web.account.urls")),
    path("account/invitations/<str:secret>/", accepting.link, name="invitation_link"),
    path("account/invitation/", accepting.invitation, name="invitation"),
    path("account/join/", asking.join, name="join"),
    path("tickets/", include("parley.web.portal.urls")),
    path("support/", include("parley.web.support.urls")),
    path("desk/administration/mailboxes/", include("parley.web.desk.mailboxes.urls")),
    path("desk/administration/", include("parley.web.desk.administration.urls")),
    path("desk/help/", include("parley.web.desk.help.urls")),
    path("desk/messenger/", include("parley.web.desk.sites.urls")),
    path("desk/people/", include("parley.web.people.directory_urls")),
    path("desk/mail/", include("parley.web.desk.mail.urls")),
    path("desk/dashboard/", include("parley.web.desk.reports.urls")),
    path("desk/", include("parley.web.desk.urls")),
    path("desk/assistant/", include("parley.web.desk.assistant.urls")),
    path("scorecards/", include("parley.web.portal.scorecard_urls")),
    path("orders/", include("parley.web.orders.urls")),
    path("balance/", include("parley.web.money.urls")),
    path("products/", include("parley.web.products.urls")),
    path("files/", files.uploads, name="uploads"),
    path("files/<uuid:key>/", files.upload, name="upload"),
    path("attachments/<uuid:key>/", files.attachment, name="attachment"),
    path("attachments/<uuid:key>/small/", files.thumbnail, name="thumbnail"),
    path("drafts/", files.drafts, name="drafts"),
    path("notices/", notices.notices, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/reading/", notices.reading, name="notices_reading"),
    path("notices/<int:key>/", notices.notice, name="notice"),
    path("notices/unsubscribe/<str:signed>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("settings/", settings.profile, name="settings"),
    path("settings/person/", settings.person, name="settings_person"),
    path("settings/ways/", settings.ways, name="settings_ways"),
    path("settings/tokens/", settings.tokens, name="settings_tokens"),
    path("settings/tokens/<int:key>/revocation/", settings.token_revocation,
         name="token_revocation"),
    path("settings/security/", include("parley.web.account.security_urls")),
    path("settings/company/", company.company, name="company"),
    path("settings/company/details/", company.details, name="company_details"),
    path("settings/people/", include("parley.web.people.urls")),
    path("settings/theme/", settings.theme, name="theme"),
    path("settings/language/", settings.language, name="language"),
    path("settings/acting/", settings.acting, name="acting"),
    path("settings/channels/", include("parley.web.channels.urls")),
    path("settings/imports/", include("parley.web.feeds.urls")),
    path("settings/exports/", include("parley.web.exports.urls")),
    path("in/<slug:hook>/", incoming, name="incoming"),
    path("mail/", include("parley.web.provider_mail.urls")),
    path("help/", include("parley.web.help.urls")),
    path("robots.txt", sitemap.robots, name="robots"),
    path("safety/", home.safety, name="safety"),
    path("mails/", mails.mails, name="mails"),
    path("messenger.js", messenger_js, name="messenger_script"),
    path("brand.css", brand_css, name="brand"),
    path("messenger.css", messenger_css, name="messenger_sheet"),
    path("messenger/", include("parley.web.chat.urls")),
]  # fmt: skip

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.broken
