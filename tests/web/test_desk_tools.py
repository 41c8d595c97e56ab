"""The desk's tools through its pages: teams, views, macros, who is looking, the palette's search."""

from __future__ import annotations

from cast import Cast
from parley.desk.looking import others_looking
from parley.desk.models import Macro, Rota, SavedView
from parley.parties.models import Team
from parley.tickets.assigning import pass_to
from parley.tickets.models import Ticket
from web.pages import HTMX, Browser, Page
from web.teamed import macro, team


def test_a_lead_makes_a_team_and_its_queue_fills_by_itself(cast: Cast) -> None:
    browser = Browser(cast.lead)
    typed = {
        "name": "Money",
        "active": "on",
        "member": [cast.agent.pk],
        "topic": [cast.payouts.pk],
        "hands_out": "on",
        "most_open": "7",
    }
    assert browser.post("/desk/teams/new/", typed | {"name": " "}).status_code == 422
    assert browser.post("/desk/teams/new/", typed | {"most_open": "many"}).status_code == 422
    assert browser.post("/desk/teams/new/", typed).status_code == 302
    made = Team.objects.get()
    assert Rota.objects.get(team=made).most_open == 7
    page = browser.see("/desk/teams/")
    assert "Money" in page.words
    assert "up to 7 open tickets each" in page.words
    cast.payouts.refresh_from_db()
    ticket = cast.ticket(topic=cast.payouts, to=None)
    assert ticket.assignee == cast.agent.person
    queue = browser.see(f"/desk/queues/team-{made.pk}/")
    assert ticket.number in queue.words
    counts = browser.see(f"/desk/counts/?queue=team-{made.pk}")
    assert "Money 1" in counts.words
    assert browser.get("/desk/queues/team-999999/").status_code == 404
    again = browser.see(f"/desk/teams/{made.pk}/")
    assert "Money" in again.words
    browser.post(f"/desk/teams/{made.pk}/", {"name": "Money", "member": [cast.lead.pk]})
    assert [one.membership_id for one in made.members.all()] == [cast.lead.pk]


def test_passing_a_ticket_on_from_its_page(cast: Cast) -> None:
    money, ticket = team(cast), cast.ticket()
    browser = Browser(cast.lead)
    more = browser.see(f"/desk/tickets/{ticket.pk}/more/")
    assert "Money" in more.words
    address = f"/desk/tickets/{ticket.pk}/team/"
    answer = Page(browser.post(address, {"team": money.pk}, **HTMX))
    assert "passed the ticket on: Money" in answer.words
    assert Ticket.objects.get(pk=ticket.pk).team == money
    browser.post(address, {"team": "junk"})
    assert Ticket.objects.get(pk=ticket.pk).team == money
    browser.post(address, {"team": ""})
    assert Ticket.objects.get(pk=ticket.pk).team is None


def test_a_list_is_kept_as_a_view_with_all_that_narrows_it(cast: Cast) -> None:
    browser = Browser(cast.lead)
    ticket = cast.ticket(priority="urgent")
    pass_to(ticket.pk, team(cast).pk, by=cast.lead)
    query = f"?topic={cast.late_parcel.pk}&cursor=123&junk=1&team={ticket.pk}"
    typed = {"name": "Late ones", "queue": "urgent", "query": query, "shared": "everyone"}
    answer = Page(browser.post("/desk/views/new/", typed, **HTMX))
    assert "Saved: Late ones." in answer.words
    view = SavedView.objects.get()
    assert (view.queue, view.query) == (
        "urgent",
        f"topic={cast.late_parcel.pk}&team={ticket.pk}",
    )
    menu = Browser(cast.admin).see("/desk/views/")
    assert f"/desk/queues/urgent/?{view.query}" in menu.links.values()
    twice = Page(browser.post("/desk/views/new/", typed, **HTMX))
    assert "You have a view of that name already." in twice.words
    changed = {"name": "Parcels", "shared": f"team-{team(cast).pk}"}
    browser.post(f"/desk/views/{view.pk}/", changed)
    view.refresh_from_db()
    assert (view.name, view.shared, view.team) == ("Parcels", "team", team(cast))
    browser.post(f"/desk/views/{view.pk}/", {"drop": "1"})
    assert not SavedView.objects.exists()


def test_a_view_counts_what_it_finds(cast: Cast) -> None:
    browser = Browser(cast.lead)
    for _n in range(3):
        cast.ticket()
    typed = {"name": "Three", "query": f"?topic={cast.late_parcel.pk}"}
    browser.post("/desk/views/new/", typed)
    assert "Three 3" in browser.see("/desk/views/").words


def test_a_macro_is_made_and_used(cast: Cast) -> None:
    browser = Browser(cast.lead)
    typed = {
        "name-en": "Where is it",
        "text-en": "Dear {{opener.name}}, we look into {{ticket.number}}.",
        "priority": "urgent",
        "active": "on",
    }
    refused = Page(browser.post("/desk/macros/new/", typed | {"text-ru": "{{who}}"}))
    assert refused.status == 422
    assert "There is no {{who}} to put in." in refused.words
    browser.post("/desk/macros/new/", typed)
    made = Macro.objects.get()
    assert "Where is it" in browser.see("/desk/macros/").words
    ticket = cast.ticket()
    agent = Browser(cast.agent)
    assert "Where is it" in agent.see(f"/desk/tickets/{ticket.pk}/macros/").words
    address = f"/desk/tickets/{ticket.pk}/macros/{made.pk}/"
    used = Page(agent.post(address, {}, **HTMX))
    begun = f"Dear Selma Seller, we look into {ticket.number}."
    assert used.having("data-begins") == [begun]
    assert Ticket.objects.get(pk=ticket.pk).priority == "urgent"
    assert "Where is it" in used.words, "that it was used stands in the history"
    plain = agent.post(address, {}, follow=True)
    assert begun in plain.content.decode()
    browser.post(f"/desk/macros/{made.pk}/", typed | {"active": ""})
    assert agent.post(address, {}).status_code == 404


def test_who_else_looks_is_shown_and_forgotten(cast: Cast) -> None:
    ticket = cast.ticket()
    address = f"/desk/tickets/{ticket.pk}/looking/"
    lead, admin = Browser(cast.lead), Browser(cast.admin)
    assert lead.post(address, {"types": "1"}).status_code == 204
    assert "Léa Lead is writing an answer" in admin.see(address).words
    lead.post(address, {"types": "0"})
    assert "Léa Lead is looking at this too" in admin.see(address).words
    lead.post(address, {"gone": "1"})
    assert others_looking(ticket.pk, cast.admin) == []


def test_the_palette_finds_everything_by_its_name(cast: Cast) -> None:
    macro(cast)
    team(cast)
    ticket = cast.ticket(title="A broken kettle")
    browser = Browser(cast.lead)
    browser.post("/desk/views/new/", {"name": "Kettles", "query": "q=kettle"})

    def found(words: str) -> str:
        return browser.see(f"/desk/everything/?q={words}").words

    assert "A broken kettle" in found(ticket.number)
    assert "A broken kettle" in found("kettle")
    assert "View: Kettles" in found("kettl")
    assert "Queue: Money" in found("mone")
    assert "Bright Home" in found("brigt home")
    assert "Selma Seller" in found("selma")
    assert found("k") == ""


def test_going_away_and_coming_back(cast: Cast) -> None:
    browser = Browser(cast.lead)
    away = Page(browser.post("/desk/away/", {"away": "1"}, **HTMX))
    assert "You are given no more tickets." in away.words
    assert "Take tickets again" in away.words
    back = Page(browser.post("/desk/away/", {"away": "0"}, **HTMX))
    assert "Take no tickets for a while" in back.words
    agent = Browser(cast.agent)
    assert agent.post(f"/desk/teams/duty/{cast.lead.pk}/", {"away": "1"}).status_code == 404
    assert agent.post(f"/desk/teams/duty/{cast.agent.pk}/", {"away": "1"}).status_code == 302
    refused = browser.post(
        f"/desk/teams/duty/{cast.agent.pk}/", {"calendar": "999999"}, follow=True
    )
    assert "Pick one from the list." in Page(refused).words


def test_whom_a_note_can_name(cast: Cast) -> None:
    team(cast)
    page = Browser(cast.lead).see("/desk/mentionable/")
    assert "Money" in page.words
    assert "Ada Admin" in page.words
    assert "Léa Lead" not in page.words, "not oneself"
    assert "Selma Seller" not in page.words
