"""Who reacts to what: every reaction in the house stands in this table."""

from __future__ import annotations

from collections.abc import Callable

from parley.assistant import outcomes
from parley.assistant.indexing import read_published
from parley.assistant.learning import propose
from parley.assistant.taking import take
from parley.assistant.vectoring import vector_later
from parley.catalogue import events as catalogue
from parley.channels import events as channels
from parley.channels.telling import tell_of_shipment
from parley.conversations import events as conversations
from parley.desk.routing import hand_out
from parley.exports import events as exports
from parley.guard import events as guard
from parley.guard.flagging import flag
from parley.guard.following import follow_merge as follow_held
from parley.help_centre import events as help_centre
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.recording import Reaction, Reactions
from parley.ledger import events as ledger
from parley.mailboxes import events as mailboxes
from parley.mailboxes.following import follow_held as follow_held_mail
from parley.mailboxes.reply_addresses import revoke_of_the_gone
from parley.messenger import events as messenger
from parley.messenger.following import follow_file, follow_ticket
from parley.notifications import telling
from parley.notifications.acknowledging import acknowledge
from parley.notifications.bouncing import note_bounce, note_sign_of_life
from parley.notifications.carrying import follow_merge, follow_split
from parley.notifications.inviting import send_invitation
from parley.orders import events as orders
from parley.orders.linking import retry_for
from parley.orders.releasing import look_again_for
from parley.orders.settling_again import when_money_came
from parley.parties import events as parties
from parley.reports.following import note_stale
from parley.sla import events as sla
from parley.sla.starting import follow_priority, follow_turn
from parley.tickets import events as tickets
from parley.tickets import watching_files
from parley.tickets.letting_go import let_go
from parley.tickets.ordering import keep_dispute
from parley.tickets.snoozing import wake_for

MOVES: tuple[type[tickets.Moved], ...] = (
    tickets.TicketOpened,
    tickets.ReplyPosted,
    tickets.InformationAsked,
    tickets.TicketCancelled,
    tickets.TicketClosed,
    tickets.TicketRated,
    tickets.TicketExpired,
    tickets.OperatorAsked,
    tickets.OperatorSteppedIn,
    tickets.DisputeDecided,
)


def _told(*kinds: type[Event]) -> dict[type[Event], tuple[Reaction, ...]]:
    reactions: tuple[Callable[[Event, Entry], None], ...] = (telling.tell,)
    return dict.fromkeys(kinds, reactions)


REACTIONS = Reactions(
    at_once={
        **dict.fromkeys(
            MOVES, (follow_turn, keep_dispute, follow_ticket, note_stale, hand_out, wake_for)
        ),
        tickets.TicketTookIn: (
            follow_turn,
            keep_dispute,
            follow_ticket,
            note_stale,
            follow_merge,
            follow_held,
        ),
        tickets.TicketSplit: (follow_ticket, note_stale, follow_split),
        tickets.TicketMerged: (follow_turn, keep_dispute, follow_ticket, note_stale, wake_for),
        tickets.MessagePosted: (follow_ticket, wake_for),
        tickets.TicketAssigned: (note_stale,),
        sla.ClockRanOut: (note_stale,),
        tickets.TicketPassed: (hand_out,),
        conversations.FileScanned: (watching_files.follow_file, follow_file),
        tickets.FileReady: (follow_ticket,),
        tickets.FileKeptBack: (follow_ticket,),
        tickets.PriorityChanged: (follow_priority, follow_ticket),
        ledger.BalanceToppedUp: (when_money_came,),
        orders.OrderRefunded: (when_money_came,),
        catalogue.TermsChanged: (look_again_for,),
        catalogue.ProductListed: (retry_for,),
        orders.ListingMade: (retry_for,),
        orders.OrderShipped: (tell_of_shipment,),
        messenger.QuestionAsked: (take,),
        messenger.ChatHandedOver: (outcomes.handed_over,),
        messenger.ChatHelped: (propose,),
        **dict.fromkeys(
            (parties.MembershipEnded, parties.PersonClosed, parties.PartyClosed),
            (revoke_of_the_gone,),
        ),
    },
    later={
        **_told(
            *MOVES,
            tickets.MessagePosted,
            tickets.TicketAssigned,
            tickets.TicketPassed,
            tickets.CompletionReminded,
            tickets.FileKeptBack,
            tickets.ReplyNotSent,
            tickets.TicketWoken,
            sla.ClockDueSoon,
            sla.ClockRanOut,
            orders.OrderUnpaid,
            exports.ExportFailed,
            channels.ChannelLost,
            channels.DeliveryFailed,
            parties.JoinAsked,
        ),
        parties.PersonInvited: (send_invitation,),
        parties.InvitationSentAgain: (send_invitation,),
        guard.HeldReplyDeclined: (telling.tell, follow_held_mail),
        guard.HeldReplyReleased: (follow_held_mail,),
        guard.HeldReplyTakenBack: (follow_held_mail,),
        mailboxes.MailTaken: (note_sign_of_life, acknowledge),
        mailboxes.MailCameBack: (note_bounce,),
        parties.MembershipEnded: (let_go,),
        parties.PersonClosed: (let_go,),
        tickets.TicketOpened: (telling.tell, vector_later, flag),
        **dict.fromkeys(
            (tickets.ReplyPosted, tickets.InformationAsked, tickets.OperatorAsked),
            (telling.tell, flag),
        ),
        help_centre.ArticlePublished: (read_published,),
        help_centre.ArticleWithdrawn: (read_published,),
        help_centre.ArticleRestored: (read_published,),
    },
)
