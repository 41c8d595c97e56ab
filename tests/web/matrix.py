"""Who may reach which address: the whole table, and the addresses there are.

`WHO_MAY` names every address of the site. A new address that is not in it fails the test beside this
file, and so does a line of the table whose address is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

SELLERS = frozenset({"seller", "seller_member"})
SUPPLIERS = frozenset({"supplier", "supplier_member"})
OPERATOR = frozenset({"agent", "lead", "admin"})
PUBLISHERS = frozenset({"lead", "admin"})
LEADS = frozenset({"lead", "admin"})
OUTSIDERS = frozenset(
    {"other_seller", "other_seller_member", "other_supplier", "other_supplier_member"}
)
ANY_SUPPLIER = SUPPLIERS | {"other_supplier", "other_supplier_member"}
ANY_SELLER = SELLERS | {"other_seller", "other_seller_member"}
SIGNED_IN = SELLERS | SUPPLIERS | OPERATOR | OUTSIDERS
ON_THE_TICKET = SELLERS | SUPPLIERS | OPERATOR
ADMINS = frozenset({"admin"})
KEEPERS = frozenset({"seller", "admin"})
"""Of the people of Bright Home."""
HEADS = frozenset({"seller", "other_seller", "supplier", "other_supplier", "admin"})
"""Each of the people of their own company."""
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """`roles` may come in by `methods`; to the others there is no such thing.

    `public`: a stranger may come in as well. `refused`: the API tells those who know the thing that
    this is not theirs to do (403), since what they may see of it they see anyway.
    """

    roles: frozenset[str]
    methods: str = "GET"
    public: bool = False
    refused: frozenset[str] = NOBODY


def on_ticket(methods: str = "GET") -> Rule:
    return Rule(ON_THE_TICKET, methods)


def desk(methods: str = "GET") -> Rule:
    return Rule(OPERATOR, methods)


def desk_api() -> Rule:
    return Rule(OPERATOR, "POST", refused=SELLERS | SUPPLIERS)


def anybody(methods: str = "GET") -> Rule:
    return Rule(SIGNED_IN, methods)


def public(methods: str = "GET") -> Rule:
    return Rule(SIGNED_IN, methods, public=True)


WHO_MAY: dict[str, Rule] = {
    # The front of the house
    "home": anybody(),
    "live": anybody(),
    "safety": anybody(),
    "messenger_script": public(),
    "messenger_sheet": public(),
    "brand": public(),
    "mails": Rule(NOBODY),  # the demo's alone
    # Signing in
    "account_login": public("GET POST"),
    "sign_in_as": Rule(NOBODY, "POST"),  # the demo's alone
    "account_logout": public("POST"),
    "account_change_password": anybody("GET POST"),
    "security:security": anybody(),
    "security:ending": Rule(NOBODY, "POST"),  # one's own sessions, by names nobody can guess
    "security:ending_others": anybody("POST"),
    "security:requirement": Rule(
        frozenset({"seller", "supplier", "admin", "other_seller", "other_supplier"}), "POST"
    ),
    "security:history": anybody(),
    "single_sign_on": Rule(NOBODY, "POST"),  # where a provider is configured
    "openid_connect_callback": Rule(NOBODY),
    "way_back": public("GET POST"),
    "way_back_take": Rule(NOBODY, "GET POST"),  # for whom the link was sent to
    "way_back_cancel": Rule(NOBODY, "GET POST"),
    "security:ways_back": Rule(
        frozenset({"seller", "supplier", "admin", "other_seller", "other_supplier"})
    ),
    "security:deciding": Rule(NOBODY, "POST"),  # for those who keep whoever asked
    "security:waiting": Rule(frozenset({"admin"}), "POST"),
    "mfa_authenticate": public("GET POST"),
    "mfa_login_webauthn": public("GET POST"),
    "account_reauthenticate": anybody("GET POST"),
    "mfa_reauthenticate": anybody("GET POST"),
    "mfa_reauthenticate_webauthn": anybody("GET POST"),
    "mfa_activate_totp": anybody("GET POST"),
    "mfa_deactivate_totp": Rule(NOBODY, "GET POST"),  # for those who have it
    "mfa_add_webauthn": anybody("GET POST"),
    # Who one is has to be shown once more before anything is said of a passkey; then it is one's own.
    "mfa_edit_webauthn": anybody("GET POST"),
    "mfa_remove_webauthn": anybody("GET POST"),
    "mfa_view_recovery_codes": Rule(NOBODY),  # for those who have some
    "mfa_generate_recovery_codes": anybody("GET POST"),
    "mfa_download_recovery_codes": Rule(NOBODY),
    "security:pin": anybody("POST"),
    "security:own_data": anybody("POST"),
    "security:pin_replacement": anybody("POST"),
    "security:revocation": anybody("POST"),
    "security:trying_again": anybody("POST"),
    "account_reset_password": public("GET POST"),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(),
    "account_reset_password_from_key_done": public(),
    # Tickets
    "portal:tickets": anybody(),
    "portal:filters": anybody(),
    "portal:new_ticket": anybody("GET POST"),
    "portal:answers": anybody("POST"),
    "portal:answered": anybody("POST"),
    "portal:same_matter": anybody(),
    "portal:order_suggestions": anybody(),
    "portal:ticket": on_ticket(),
    "portal:opened": Rule(SELLERS),
    "portal:thread": on_ticket(),
    "portal:replies": on_ticket("POST"),
    "portal:cancellation": on_ticket("POST"),
    "portal:order_cancellation": on_ticket("POST"),
    "portal:closure": on_ticket("POST"),
    "portal:rating": on_ticket("POST"),
    "portal:escalation": on_ticket("POST"),
    "portal:evidence": on_ticket("POST"),
    "portal:muting": on_ticket("POST"),
    "portal:held_taking_back": Rule(frozenset({"seller"}), "POST"),
    "portal:seen": on_ticket("POST"),
    "portal:topic_fields": anybody(),
    "portal:ticket_fields": on_ticket(),
    "portal:filling": on_ticket("GET POST"),
    "portal:typing": on_ticket("GET POST"),
    "portal:mailed": Rule(SELLERS | OPERATOR),
    # The support area of sellers and suppliers
    "support:overview": Rule(SIGNED_IN - OPERATOR),
    "support:inbox": Rule(SIGNED_IN - OPERATOR),
    "support:tray": Rule(SIGNED_IN - OPERATOR),
    "support:contact": Rule(SIGNED_IN - OPERATOR),
    "support:request": Rule(SIGNED_IN - OPERATOR, "POST"),
    "support:response_times": Rule(SIGNED_IN - OPERATOR),
    # Orders
    "orders:orders": anybody(),
    "orders:filters": anybody(),
    "orders:order": on_ticket(),
    "orders:menu": on_ticket(),
    "orders:details": on_ticket(),
    "orders:audit": on_ticket(),
    "orders:cancellation": Rule(SELLERS | OPERATOR, "GET POST"),
    "orders:ticket": on_ticket("GET POST"),
    "orders:acceptance": Rule(SUPPLIERS, "POST"),
    "orders:shipments": Rule(SUPPLIERS, "GET POST"),
    "orders:delivery": Rule(SUPPLIERS, "POST"),
    "orders:declining": Rule(SUPPLIERS, "GET POST"),
    "orders:coming_back": Rule(SUPPLIERS, "POST"),
    "orders:notes": on_ticket("GET POST"),
    # Money
    "money:balance": anybody(),
    "money:invoices": anybody(),
    "money:invoice": on_ticket(),
    "money:party": desk(),
    "money:top_up": Rule(frozenset({"lead", "admin"}), "POST"),
    "orders:drafts": Rule(ANY_SELLER),
    "orders:new_order": Rule(ANY_SELLER, "GET POST"),
    "orders:draft": Rule(SELLERS),
    "orders:draft_delivery": Rule(SELLERS, "GET POST"),
    "orders:draft_search": Rule(SELLERS),
    "orders:draft_items": Rule(SELLERS, "POST"),
    "orders:draft_item": Rule(SELLERS, "POST"),
    "orders:draft_services": Rule(SELLERS, "POST"),
    "orders:draft_completion": Rule(SELLERS, "POST"),
    "orders:draft_removal": Rule(SELLERS, "POST"),
    # Products
    "products:products": anybody(),
    "products:product": Rule(SIGNED_IN - {"other_supplier", "other_supplier_member"}),
    "products:new_product": Rule(ANY_SUPPLIER, "GET POST"),
    "products:change": Rule(SUPPLIERS, "GET POST"),
    "products:offer": Rule(SUPPLIERS, "POST"),
    "products:images": Rule(SUPPLIERS, "POST"),
    "products:image": Rule(SIGNED_IN - {"other_supplier", "other_supplier_member"}),
    "products:image_small": Rule(SIGNED_IN - {"other_supplier", "other_supplier_member"}),
    "products:image_removal": Rule(SUPPLIERS, "POST"),
    "products:terms": Rule(ANY_SUPPLIER, "GET POST"),
    "products:terms_reading": Rule(ANY_SUPPLIER, "POST"),
    "products:services": Rule(ANY_SUPPLIER, "POST"),
    "products:service": Rule(SUPPLIERS, "POST"),
    # Imports
    "feeds:feeds": Rule(ANY_SUPPLIER),
    "feeds:files": Rule(ANY_SUPPLIER, "POST"),
    "feeds:imported": Rule(SUPPLIERS),
    "feeds:mapping": Rule(SUPPLIERS, "POST"),
    "feeds:report": Rule(SUPPLIERS),
    "feeds:removal": Rule(SUPPLIERS, "POST"),
    "feeds:new": Rule(ANY_SUPPLIER, "GET POST"),
    "feeds:new_look": Rule(ANY_SUPPLIER, "POST"),
    "feeds:feed": Rule(SUPPLIERS, "GET POST"),
    "feeds:look": Rule(SUPPLIERS, "POST"),
    "feeds:activity": Rule(SUPPLIERS, "POST"),
    "feeds:run": Rule(SUPPLIERS, "POST"),
    # Figures
    "reports:overview": Rule(LEADS),
    "reports:days": Rule(LEADS),
    "reports:statistics": Rule(LEADS),
    "reports:table": Rule(LEADS),
    "reports:activity": Rule(LEADS),
    "reports:complaints": Rule(LEADS),
    "reports:complaints_of": Rule(LEADS),
    "reports:complaints_paper": Rule(LEADS),
    "reports:complaints_lines": Rule(LEADS),
    "reports:party": desk(),
    "reports:agent": desk(),
    "reports:setting": Rule(frozenset({"admin"}), "GET POST"),
    "scorecards:scorecards": Rule(ANY_SUPPLIER | OPERATOR),
    "scorecards:card": Rule(SUPPLIERS | OPERATOR),
    # The assistant, as leads and administrators see it
    "assistant:overview": Rule(LEADS),
    "assistant:numbers": Rule(LEADS),
    "assistant:questions": Rule(LEADS),
    "assistant:gaps": Rule(LEADS),
    "assistant:settling": Rule(LEADS, "POST"),
    "assistant:gap_article": Rule(LEADS, "POST"),
    "assistant:wordings": Rule(LEADS),
    "assistant:decision": Rule(LEADS, "POST"),
    "assistant:thresholds": Rule(LEADS),
    "assistant:setting": Rule(frozenset({"admin"}), "POST"),
    "assistant:trial": Rule(LEADS),
    # The messenger, by session; by key, see test_chat_doors.py. The chat is the seller's own.
    "chat:page": public(),
    "chat:session": public("POST"),
    "chat:unread": public(),
    "chat:signing_out": anybody("POST"),
    "chat:stream": anybody(),
    "chat:home": anybody(),
    "chat:searching": anybody(),
    "chat:shelving": anybody(),
    "chat:article": Rule(ANY_SUPPLIER | OPERATOR),  # an article for suppliers
    "chat:opinion": Rule(ANY_SUPPLIER | OPERATOR, "POST"),  # on that article
    "chat:conversations": anybody("GET POST"),
    "chat:conversation": Rule(frozenset({"seller"})),
    "chat:messages": Rule(frozenset({"seller"}), "POST"),
    "chat:reading": Rule(frozenset({"seller"}), "POST"),
    "chat:typing": Rule(frozenset({"seller"}), "GET POST"),
    "chat:helped": Rule(frozenset({"seller"}), "POST"),
    "chat:closing": Rule(frozenset({"seller"}), "POST"),
    "chat:rating": Rule(frozenset({"seller"}), "POST"),
    "chat:handover_of": Rule(frozenset({"seller"}), "GET POST"),
    "chat:handover": anybody("GET POST"),
    "chat:files": anybody("POST"),
    "chat:file": on_ticket(),
    "chat:file_small": on_ticket(),
    # Where the messenger is
    "sites:sites": Rule(frozenset({"admin"}), "GET POST"),
    "sites:site": Rule(frozenset({"admin"}), "GET POST"),
    "sites:secret": Rule(frozenset({"admin"}), "POST"),
    # Files and drafts
    "uploads": anybody("POST"),
    "upload": Rule(frozenset({"seller"}), "DELETE"),
    "attachment": on_ticket(),
    "thumbnail": on_ticket(),
    "drafts": anybody("POST"),
    # Notices
    "notices": anybody(),
    "bell": anybody(),
    "notices_reading": anybody("POST"),
    "notice": Rule(frozenset({"supplier"})),
    "unsubscribe": public("GET POST"),
    # One's own settings
    "settings": anybody(),
    "settings_person": anybody("POST"),
    "settings_ways": anybody("POST"),
    "settings_tokens": anybody("POST"),
    "token_revocation": anybody("POST"),
    "company": anybody(),
    "company_details": Rule(
        frozenset({"seller", "supplier", "other_seller", "other_supplier", "admin"}), "POST"
    ),
    "theme": anybody("POST"),
    "language": anybody("POST"),
    "acting": anybody("POST"),
    # A company's people: everybody looks, its owners (and the operator's administrators) change
    "people:people": anybody(),
    "people:invitations": Rule(HEADS, "POST"),
    "people:code": Rule(HEADS - {"admin"}, "POST"),
    "people:sending": Rule(KEEPERS, "POST"),
    "people:revocation": Rule(KEEPERS, "POST"),
    "people:role": Rule(KEEPERS, "POST"),
    "people:activity": Rule(KEEPERS, "POST"),
    "people:answer": Rule(KEEPERS, "POST"),
    "invitation_link": public(),
    "invitation": public("GET POST"),
    "join": public("GET POST"),
    # People and companies, for the operator
    "directory:people": desk(),
    "directory:companies": desk(),
    "directory:new_company": Rule(ADMINS, "GET POST"),
    "directory:company": desk(),
    "directory:company_name": Rule(ADMINS, "POST"),
    "directory:company_closing": Rule(ADMINS, "POST"),
    "directory:invitations": Rule(ADMINS, "POST"),
    "directory:code": Rule(ADMINS, "POST"),
    "directory:token_revocation": Rule(ADMINS, "POST"),
    "directory:person": desk(),
    "directory:person_closing": Rule(ADMINS, "POST"),
    "administration:branding": Rule(ADMINS, "GET POST"),
    "administration:journal": Rule(ADMINS),
    "administration:journal_file": Rule(ADMINS),
    # Channels: a seller's owners change them, its people work with them, the operator looks
    "exports:exports": Rule(ANY_SUPPLIER | OPERATOR),
    "exports:new": Rule(frozenset({"supplier", "other_supplier"}), "GET POST"),
    "exports:new_trial": Rule(frozenset({"supplier", "other_supplier"}), "POST"),
    "exports:export": Rule(SUPPLIERS | OPERATOR),
    "exports:change": Rule(frozenset({"supplier"}), "GET POST"),
    "exports:change_trial": Rule(frozenset({"supplier"}), "POST"),
    "exports:switching": Rule(frozenset({"supplier"}), "POST"),
    "exports:running": Rule(frozenset({"supplier"}), "POST"),
    "exports:file": Rule(frozenset({"supplier"})),
    "exports:sending": Rule(frozenset({"supplier"}), "POST"),
    "channels:channels": Rule(ANY_SELLER | OPERATOR),
    "channels:kinds": Rule(frozenset({"seller", "other_seller"})),
    "channels:new": Rule(frozenset({"seller", "other_seller"}), "GET POST"),
    "channels:channel": Rule(SELLERS | OPERATOR),
    "channels:change": Rule(frozenset({"seller"}), "GET POST"),
    "channels:switching": Rule(frozenset({"seller"}), "POST"),
    "channels:listings": Rule(SELLERS | OPERATOR),
    "channels:listing": Rule(SELLERS, "POST"),
    "channels:listing_products": Rule(SELLERS),
    "channels:listing_removal": Rule(SELLERS, "POST"),
    "channels:upload": Rule(SELLERS, "POST"),
    "channels:delivery": Rule(SELLERS | OPERATOR),
    "channels:raw": Rule(SELLERS | OPERATOR),
    "channels:again": Rule(SELLERS, "POST"),
    "channels:file": Rule(SELLERS | OPERATOR),
    "channels:columns": Rule(SELLERS, "POST"),
    "channels:start": Rule(SELLERS, "POST"),
    "channels:file_download": Rule(SELLERS | OPERATOR),
    "channels:report": Rule(SELLERS | OPERATOR),
    "channels:line_products": Rule(SELLERS),
    "channels:link": Rule(SELLERS, "POST"),
    "channels:dismissal": Rule(SELLERS, "POST"),
    "incoming": public("POST"),  # whoever signs as the shop
    # Whoever has the provider's password; without a provider they are not there.
    "provider_mail:incoming": Rule(NOBODY, "POST"),
    "provider_mail:incoming_mime": Rule(NOBODY, "POST"),
    "provider_mail:tracking": Rule(NOBODY, "POST"),
    # The operator's desk
    "desk:queue": desk(),
    "desk:counts": desk(),
    "desk:ticket": desk(),
    "desk:thread": desk(),
    "desk:others": desk(),
    "desk:more": desk(),
    "desk:tagging": desk("POST"),
    "desk:linking": desk("POST"),
    "desk:merging": desk("POST"),
    "desk:sending": desk("POST"),
    "desk:taking_back": desk("POST"),
    "desk:bulk_choosing": desk("GET POST"),
    "desk:bulk": Rule(frozenset({"agent"})),  # who began it
    "desk:bulk_undoing": Rule(frozenset({"agent"}), "POST"),
    "desk:splitting": desk("GET POST"),
    "desk:snoozing": desk("POST"),
    "desk:tags": desk(),
    "desk:verification": desk("GET POST"),
    "desk:person_verification": desk("GET POST"),
    "desk:held": desk(),
    "desk:releasing": desk("POST"),
    "desk:declining": desk("POST"),
    "desk:flags": desk(),
    "desk:assignees": desk(),
    "desk:suggestion": desk(),
    "desk:summing_up": desk(),
    "desk:similar": desk(),
    "desk:article": desk("POST"),
    "desk:assignment": desk("POST"),
    "desk:priority": desk("POST"),
    "desk:stepping_in": desk("POST"),
    "desk:decision": desk("POST"),
    # Mail that came in
    "mail:mails": desk(),
    "mail:review": desk(),
    "mail:declining_many": desk("POST"),
    "mail:mail": desk(),
    "mail:raw": Rule(ADMINS, "POST"),
    "mail:letting_in": desk("POST"),
    "mail:opening": desk("POST"),
    "mail:declining": desk("POST"),
    "mail:again": desk("POST"),
    "mail:undeliverable": desk(),
    "mail:deliverable": desk("POST"),
    # Administration
    "administration:hub": desk(),
    "administration:topics": Rule(frozenset({"admin"}), "GET POST"),
    "administration:new_topic": Rule(frozenset({"admin"}), "GET POST"),
    "administration:topic": Rule(frozenset({"admin"}), "GET POST"),
    "administration:new_field": Rule(frozenset({"admin"}), "GET POST"),
    "administration:field": Rule(frozenset({"admin"}), "GET POST"),
    "administration:field_place": Rule(frozenset({"admin"}), "POST"),
    "administration:category": Rule(frozenset({"admin"}), "POST"),
    "administration:policies": Rule(frozenset({"admin"}), "GET POST"),
    "administration:new_policy": Rule(frozenset({"admin"})),
    "administration:promise": Rule(frozenset({"admin"})),
    "administration:policy_trial": Rule(frozenset({"admin"}), "POST"),
    "administration:policy": Rule(frozenset({"admin"}), "GET POST"),
    "administration:policy_removal": Rule(frozenset({"admin"}), "POST"),
    "administration:calendars": Rule(frozenset({"admin"}), "GET POST"),
    "administration:timing": Rule(frozenset({"admin"}), "GET POST"),
    "administration:new_calendar": Rule(frozenset({"admin"})),
    "administration:country_parts": Rule(frozenset({"admin"})),
    "administration:calendar": Rule(frozenset({"admin"}), "GET POST"),
    "administration:calendar_removal": Rule(frozenset({"admin"}), "POST"),
    "administration:tags": desk("GET POST"),
    "administration:tag": desk("POST"),
    "administration:pins": Rule(frozenset({"admin"}), "GET POST"),
    "administration:guard": Rule(frozenset({"admin"}), "GET POST"),
    "administration:privacy": Rule(frozenset({"admin"}), "GET POST"),
    "administration:person_data": Rule(frozenset({"admin"})),
    "administration:person_export": Rule(frozenset({"admin"}), "POST"),
    "administration:erasure": Rule(frozenset({"admin"}), "POST"),
    # Mailboxes, the administrators'
    "mailboxes:mailboxes": Rule(ADMINS),
    "mailboxes:new": Rule(ADMINS, "GET POST"),
    "mailboxes:new_trial": Rule(ADMINS, "POST"),
    "mailboxes:limits": Rule(ADMINS, "GET POST"),
    "mailboxes:mailbox": Rule(ADMINS),
    "mailboxes:change": Rule(ADMINS, "GET POST"),
    "mailboxes:change_trial": Rule(ADMINS, "POST"),
    "mailboxes:switching": Rule(ADMINS, "POST"),
    "mailboxes:removal": Rule(ADMINS, "GET POST"),
    "mailboxes:comparing": Rule(ADMINS, "POST"),
    "mailboxes:taking": Rule(ADMINS, "POST"),
    "desk:passing": desk("POST"),
    "desk:looking": desk("GET POST"),
    "desk:mentionable": desk(),
    "desk:macro_menu": desk(),
    "desk:macro_use": desk("POST"),
    "desk:views": desk(),
    "desk:saving_view": desk("POST"),
    "desk:view": Rule(LEADS, "POST"),
    "desk:going_away": desk("POST"),
    "desk:everything": desk(),
    "desk:teams": desk(),
    "desk:new_team": Rule(LEADS, "GET POST"),
    "desk:team": Rule(LEADS, "GET POST"),
    "desk:duty": desk("POST"),
    "desk:macros": Rule(LEADS),
    "desk:new_macro": Rule(LEADS, "GET POST"),
    "desk:macro": Rule(LEADS, "GET POST"),
    "desk:reasons": desk("GET POST"),
    "desk:reason": desk("POST"),
    "desk:reason_place": desk("POST"),
    # The help centre, public where its articles are
    "help:front": public(),
    "help:home": public(),
    "help:page": Rule(ANY_SUPPLIER | OPERATOR),  # an article for suppliers
    "help:searching": public(),
    "help:opinions": Rule(ANY_SUPPLIER | OPERATOR, "POST"),  # on that article
    "help:image": Rule(ANY_SUPPLIER | OPERATOR),  # of that article
    "help:sitemap": public(),
    "robots": public(),
    # Writing the help centre: all of the operator's people write, leads and administrators publish
    "writing:articles": desk(),
    "writing:new_article": desk("GET POST"),
    "writing:editor": desk(),
    "writing:draft": desk("POST"),
    "writing:draft_removal": desk("POST"),
    "writing:giving_way": desk("POST"),
    "writing:preview": desk("POST"),
    "writing:images": desk("POST"),
    "writing:versions": desk(),
    "writing:restoring": desk("POST"),
    "writing:missed": desk(),
    "writing:settling": desk("POST"),
    "writing:opinions": desk(),
    "writing:place": Rule(PUBLISHERS, "GET POST"),
    "writing:publishing": Rule(PUBLISHERS, "GET POST"),
    "writing:withdrawal": Rule(PUBLISHERS, "POST"),
    "writing:collections": Rule(PUBLISHERS, "GET POST"),
    "writing:collection": Rule(PUBLISHERS, "POST"),
    "writing:collection_order": Rule(PUBLISHERS, "POST"),
    "writing:collection_removal": Rule(PUBLISHERS, "POST"),
    # The API
    "api:root": Rule(NOBODY, public=True),  # there is nothing to see
    "api:openapi": public(),
    "api:me": anybody(),
    "api:topics": anybody(),
    "api:topic_parties": Rule(SELLERS | {"other_seller", "other_seller_member"}),
    "api:tickets": anybody("GET POST"),
    "api:ticket": on_ticket(),
    "api:messages": on_ticket(),
    "api:replies": on_ticket("POST"),
    "api:ticket_fields": on_ticket("POST"),
    "api:close": on_ticket("POST"),
    "api:cancel": on_ticket("POST"),
    "api:rating": on_ticket("POST"),
    "api:escalation": on_ticket("POST"),
    "api:assignment": desk_api(),
    "api:priority": desk_api(),
    "api:step_in": desk_api(),
    "api:decision": desk_api(),
    "api:suggestion": Rule(OPERATOR, refused=SELLERS | SUPPLIERS),
    "api:summing_up": Rule(OPERATOR, refused=SELLERS | SUPPLIERS),
    "api:alike": Rule(OPERATOR, refused=SELLERS | SUPPLIERS),
    "api:orders": anybody("GET POST"),
    "api:order": on_ticket(),
    "api:audit": on_ticket(),
    "api:order_cancellation": Rule(SELLERS | OPERATOR, "POST"),
    "api:acceptance": Rule(SUPPLIERS, "POST"),
    "api:shipments": Rule(SUPPLIERS, "POST"),
    "api:declined": Rule(SUPPLIERS, "POST"),
    "api:notes": on_ticket("POST"),
    "api:cancel_reasons": anybody(),
    "api:answer_cancellation": on_ticket("POST"),
    "api:upload": anybody("POST"),
    "api:channels": Rule(ANY_SELLER | OPERATOR),
    "api:send_order": Rule(SELLERS, "POST"),
    "api:deliveries": Rule(SELLERS | OPERATOR),
    "api:delivery": Rule(SELLERS | OPERATOR),
    "api:exports": Rule(ANY_SUPPLIER | OPERATOR),
    "api:export_runs": Rule(SUPPLIERS | OPERATOR),
    "api:run_export": Rule(frozenset({"supplier"}), "POST"),
    "api:taking_back": Rule(frozenset({"seller"}), "DELETE"),
    "api:attachment": on_ticket(),
    "api:balances": anybody(),
    "api:invoices": anybody(),
    "api:invoice_pdf": on_ticket(),
}


_ONE_ADDRESS = {"/api/v1/tickets": "api:tickets", "/api/v1/orders": "api:orders"}


def addresses() -> dict[str, str]:
    """Every address of the site: its name, and its path with `<…>` for what varies."""
    return dict(_walk(get_resolver(), "/", ""))


def _walk(resolver: URLResolver, path: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = "api" if (entry.namespace or "").startswith("api") else entry.namespace
            yield from _walk(entry, here, inner or space)
            continue
        assert isinstance(entry, URLPattern)
        own = entry.name or "root"
        name = f"{space}:{own}" if space else own
        # Two methods of one address may be two views with two names; the path tells.
        yield _ONE_ADDRESS.get(here, name), here
