"""The marketplace lived through in memory, order by order and moment by moment.

Each step does what the house's own capability does: the axes move by `orders.axes`, money by the
ledger's rules, and what happened is told in the journal's own events. Only the rows are written
otherwise: all at once, in the end.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from parley.demo.casting import Actor, Cast
from parley.demo.copying import Numbering
from parley.demo.trade.books import CURRENCY, Ledger, Lines, Papers
from parley.demo.trade.chronicle import Chronicle
from parley.demo.trade.deals import Deal, Line, Part, Turn
from parley.demo.trade.funding import Funding
from parley.demo.trade.handing_over import HandedOver
from parley.ledger.events import BalanceToppedUp
from parley.ledger.paying import BALANCE
from parley.orders import events
from parley.orders.axes import Step
from parley.orders.invoicing import line_of
from parley.orders.models import (
    ChannelKind,
    Consignment,
    InvoiceKind,
    Order,
    OrderLine,
    Stage,
)
from parley.orders.settling import hand_over_time

MATCHED_FOR = timedelta(days=4)
QUIET = timedelta(hours=4)
"""How long nobody tops up before the present, and nothing is refunded to those who lack money."""
LET_WAIT = 0.1
"""How often money comes only after an order has waited for it."""
KEPT_BACK = timedelta(hours=5)


class Market:
    """Lives through deals up to the present."""

    def __init__(self, cast: Cast, present: datetime, rng: Random) -> None:
        self.present = present
        self.chronicle = Chronicle()
        self.ledger, self.papers = Ledger(cast), Papers()
        self.lived: list[Deal] = []
        self._rng = rng
        self._operator = cast.operator.party.pk
        self._cashier = cast.operator.people[0]
        self._orders, self._lines = Numbering(Order), Numbering(OrderLine)
        self._parts = Numbering(Consignment)
        self._next_number = count(1)
        self._funding = Funding((), rng)
        self._waiting: dict[int, list[Deal]] = {}
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._turns = count()
        self._handed_over = HandedOver(self, rng)

    def live(self, deals: Iterable[Deal], first_number: int) -> int:
        """Live through them all; numbers start at `first_number`. Gives the next one."""
        self._next_number = count(first_number)
        deals = list(deals)
        self._funding = Funding(deals, self._rng)
        for deal in deals:
            self.at(deal.placed_at + self._delay(deal), partial(self._arrive, deal))
        while self._agenda:
            at, _turn, act = heapq.heappop(self._agenda)
            act(at)
        for ids in (self._orders, self._lines, self._parts):
            ids.close()
        self._handed_over.close()
        return next(self._next_number)

    def at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        """Do something at a moment, unless that is still to come."""
        if moment <= self.present:
            heapq.heappush(self._agenda, (moment, next(self._turns), act))

    def seen_by_seller(self, deal: Deal) -> tuple[int, ...]:
        return tuple(sorted({deal.seller_id, self._operator}))

    def seen_by_part(self, deal: Deal, part: Part) -> tuple[int, ...]:
        suppliers = {part.supplier_id} if part.passed_at else set()
        return tuple(sorted({deal.seller_id, self._operator, *suppliers}))

    def seen_by_all(self, deal: Deal) -> tuple[int, ...]:
        suppliers = {part.supplier_id for part in deal.parts if part.passed_at}
        return tuple(sorted({deal.seller_id, self._operator, *suppliers}))

    def may_refund(self, deal: Deal, at: datetime) -> bool:
        """Not to those who lack money, right before the present: they would lack it no more."""
        return not self._funding.is_short(deal.seller_id) or at < self.present - QUIET

    def refund(
        self,
        deal: Deal,
        part: Part,
        lines: Lines,
        *,
        at: datetime,
        by: Actor,
        reason: str,
    ) -> None:
        """Give back lines of a part's invoice, with a credit note."""
        amount: int = sum(line["net_minor"] + line["vat_minor"] for line in lines)
        self.ledger.give_back(deal, part, amount, at, by)
        deal.step(Step.REFUND, amount)
        part.refunded_minor += amount
        self._issue(deal, part, InvoiceKind.CREDIT_NOTE, lines, at=at, by=by, reason=reason)
        event = events.OrderRefunded(
            order=deal.id,
            seen=self.seen_by_part(deal, part),
            currency=CURRENCY,
            amount_minor=amount,
            supplier=part.supplier_id,
        )
        self.chronicle.record(event, at, by)

    def _delay(self, deal: Deal) -> timedelta:
        """From the buyer's click to the order's arrival."""
        if deal.way.kind == ChannelKind.FILE and not deal.is_bound:
            return timedelta(minutes=self._rng.randrange(20, 300))
        return timedelta(seconds=self._rng.randrange(2, 40))

    def _arrive(self, deal: Deal, at: datetime) -> None:
        deal.id, deal.arrived_at = next(self._orders), at
        self.lived.append(deal)
        for line in deal.lines:
            line.id = next(self._lines)
        if deal.way.kind == ChannelKind.MANUAL:
            self._draft(deal, at)
            return
        deal.external_id, deal.channel_number = deal.way.next_number()
        self._arrived(deal, at)

    def _draft(self, deal: Deal, at: datetime) -> None:
        deal.stage = Stage.DRAFT
        drafted = events.OrderDrafted(order=deal.id, seen=(deal.seller_id,))
        self.chronicle.record(drafted, at, deal.person)
        if deal.turn is Turn.DRAFT:
            self._part(deal)
        else:
            minutes = timedelta(minutes=self._rng.randrange(3, 9))
            self.at(at + minutes, lambda at: self._arrived(deal, at))

    def _arrived(self, deal: Deal, at: datetime) -> None:
        arrived = events.OrderArrived(
            order=deal.id, seen=self.seen_by_seller(deal), channel=deal.way.channel.pk
        )
        self.chronicle.record(arrived, at, deal.person)
        deal.stage, deal.matching_until = Stage.MATCHING, at + MATCHED_FOR
        if deal.turn in (Turn.MATCHING, Turn.NOT_LINKED, Turn.DISMISSED, Turn.LINKED_BY_HAND):
            self._leave_unlinked(deal, at)
            return
        self._link(deal, at, deal.lines)
        self._queue(deal, at)

    def _leave_unlinked(self, deal: Deal, at: datetime) -> None:
        self._link(deal, at, list(deal.lines)[:-1])
        if deal.turn is Turn.LINKED_BY_HAND:
            wait = timedelta(hours=self._rng.randrange(2, 60))
            self.at(at + wait, lambda at: self._link_by_hand(deal, at))
        elif deal.turn is not Turn.MATCHING:
            self.at(at + MATCHED_FOR, lambda at: self._give_up(deal, at))

    def _give_up(self, deal: Deal, at: datetime) -> None:
        deal.stage, deal.matching_until = Stage.NOT_LINKED, None
        self.chronicle.record(
            events.OrderNotLinked(order=deal.id, seen=self.seen_by_seller(deal)), at
        )
        if deal.turn is Turn.DISMISSED:
            self.at(at + timedelta(hours=9), lambda at: self._dismiss(deal, at))

    def _dismiss(self, deal: Deal, at: datetime) -> None:
        deal.stage = Stage.DISMISSED
        self.chronicle.record(
            events.OrderDismissed(order=deal.id, seen=self.seen_by_seller(deal)),
            at,
            self._somebody(deal),
        )

    def _link_by_hand(self, deal: Deal, at: datetime) -> None:
        for line in deal.lines:
            if not line.known:
                self._know(deal, line, at, "hand", self._somebody(deal))
        self._queue(deal, at)

    def _link(self, deal: Deal, at: datetime, lines: Iterable[Line]) -> None:
        by = deal.person
        for line in lines:
            if line.how:
                self._know(deal, line, at, line.how, by)

    def _know(self, deal: Deal, line: Line, at: datetime, how: str, by: Actor | None) -> None:
        line.known, line.how = True, how
        linked = events.LineLinked(
            order=deal.id,
            seen=self.seen_by_seller(deal),
            line=line.id,
            product=line.product.pk,
            how=how,
        )
        self.chronicle.record(linked, at, by)

    def _queue(self, deal: Deal, at: datetime) -> None:
        deal.matching_until = None
        self._part(deal)
        seen = self.seen_by_seller(deal)
        if deal.turn is Turn.HELD:
            deal.stage, deal.matching_until = Stage.HELD, at + MATCHED_FOR
            held = events.OrderHeld(order=deal.id, seen=seen, why=tuple(deal.why_held))
            self.chronicle.record(held, at)
            return
        deal.stage = Stage.QUEUED
        self.chronicle.record(events.OrderQueued(order=deal.id, seen=seen), at, deal.person)
        self._settle(deal, at)

    def _part(self, deal: Deal) -> None:
        deal.parted = True
        for line in deal.lines:
            line.known = True
        for part in deal.parts:
            part.id = next(self._parts)
            part.reckon()

    def _settle(self, deal: Deal, at: datetime) -> None:
        if deal.turn is Turn.CARD_DECLINED:
            self._fail(deal, at)
            return
        if deal.turn is Turn.STARVED:
            self._order_more(deal)
            self._lack(deal, at)
            return
        missing = deal.cost_minor - self.ledger.balance_of(deal.seller_id)
        late = at > self.present - QUIET - timedelta(hours=10)
        if missing > 0 and not deal.is_bound and not late and self._rng.random() < LET_WAIT:
            self._lack(deal, at)
            wait = timedelta(minutes=self._rng.randrange(40, 540))
            self.at(at + wait, lambda at: self._top_up(deal, at))
            return
        if missing > 0:
            self._top_up(deal, at)
        self._pay(deal, at)

    def _order_more(self, deal: Deal) -> None:
        """Let it cost more than there is."""
        while deal.cost_minor <= self.ledger.balance_of(deal.seller_id) + 500:
            for line in deal.lines:
                line.quantity += 1
            for part in deal.parts:
                part.reckon()

    def _fail(self, deal: Deal, at: datetime) -> None:
        deal.step(Step.FAIL_TO_PAY)
        reason = "The card was declined by its bank."
        self.ledger.keep_failure(deal, at, "card", reason)
        self._unpaid(deal, at, 0, reason)
        self.at(at + timedelta(hours=7), lambda at: self._cancel(deal, at, self._somebody(deal)))

    def _lack(self, deal: Deal, at: datetime) -> None:
        deal.step(Step.LACK_MONEY)
        missing = deal.cost_minor - self.ledger.balance_of(deal.seller_id)
        self._unpaid(deal, at, missing, "")
        self._waiting.setdefault(deal.seller_id, []).append(deal)

    def _unpaid(self, deal: Deal, at: datetime, lacking: int, reason: str) -> None:
        unpaid = events.OrderUnpaid(
            order=deal.id,
            seen=self.seen_by_seller(deal),
            currency=CURRENCY,
            amount_minor=deal.cost_minor,
            lacking_minor=lacking,
            reason=reason,
        )
        self.chronicle.record(unpaid, at, deal.person)

    def _top_up(self, deal: Deal, at: datetime) -> None:
        """The operator puts money on a seller's balance, and what has waited for it is paid."""
        waiting = self._waiting.pop(deal.seller_id, [])
        owing = list({one.id: one for one in (*waiting, deal)}.values())
        owed = sum(one.cost_minor for one in owing)
        missing = owed - self.ledger.balance_of(deal.seller_id)
        if missing > 0:
            self._bring_money(deal, self._funding.sum_for(deal.seller_id, missing, owing), at)
        for one in waiting:
            self._pay(one, at)

    def _bring_money(self, deal: Deal, amount: int, at: datetime) -> None:
        party = deal.seller_id
        transfer = self.ledger.top_up(party, amount, at, self._cashier, "Bank transfer")
        came = BalanceToppedUp(
            party=party,
            seen=self.seen_by_seller(deal),
            currency=CURRENCY,
            amount_minor=amount,
            transfer=transfer,
        )
        self.chronicle.record(came, at, self._cashier)

    def _pay(self, deal: Deal, at: datetime) -> None:
        amount = deal.cost_minor
        deal.step(Step.PAY, amount)
        self.ledger.pay(deal, at)
        deal.number, deal.stage, deal.paid_at = next(self._next_number), Stage.PAID, at
        paid = events.OrderPaid(
            order=deal.id,
            seen=self.seen_by_seller(deal),
            number=deal.number,
            currency=CURRENCY,
            amount_minor=amount,
            provider=BALANCE.key,
        )
        self.chronicle.record(paid, at, deal.person)
        for part in sorted(deal.parts, key=lambda part: part.supplier_id):
            self._invoice(deal, part, at)
        self._wait_to_pass_on(deal, at)

    def _invoice(self, deal: Deal, part: Part, at: datetime) -> None:
        part.invoiced = [
            line_of(
                line.product.title, line.quantity, line.product.price_minor, line.product.vat_bp,
                line=line.id, sku=line.product.sku,
            )
            for line in part.lines
        ]  # fmt: skip
        post = part.service
        part.invoiced.append(line_of(post.name, 1, post.price_minor, post.vat_bp))
        kind = InvoiceKind.INVOICE
        part.invoice, part.invoice_number = self._issue(
            deal, part, kind, part.invoiced, at=at, by=deal.person
        )

    def _issue(
        self,
        deal: Deal,
        part: Part,
        kind: InvoiceKind,
        lines: Lines,
        *,
        at: datetime,
        by: Actor | None,
        reason: str = "",
    ) -> tuple[int, str]:
        paper, number = self.papers.issue(deal, part, kind, lines, at=at, reason=reason)
        issued = events.InvoiceIssued(
            order=deal.id,
            seen=self.seen_by_part(deal, part),
            invoice=paper,
            shown_number=number,
            kind=kind.value,
        )
        self.chronicle.record(issued, at, by)
        return paper, number

    def _wait_to_pass_on(self, deal: Deal, at: datetime) -> None:
        deal.pass_at = at + hand_over_time()
        if deal.turn is Turn.KEPT_BACK:
            deal.pass_at = self.present + KEPT_BACK
        if deal.turn is Turn.CANCELLED:
            wait = hand_over_time() * self._rng.uniform(0.15, 0.9)
            self.at(at + wait, lambda at: self._cancel(deal, at, self._somebody(deal)))
            return
        self.at(deal.pass_at, lambda at: self._pass_on(deal, at))

    def _cancel(self, deal: Deal, at: datetime, by: Actor) -> None:
        if not self.may_refund(deal, at):
            self.at(deal.pass_at or self.present, lambda at: self._pass_on(deal, at))
            return
        deal.cancel_all(at)
        deal.matching_until = deal.settle_at = deal.pass_at = None
        cancelled = events.OrderCancelled(
            order=deal.id, seen=self.seen_by_seller(deal), reason=deal.cancel_reason
        )
        self.chronicle.record(cancelled, at, by)
        if not deal.payment:
            return
        for part in sorted(deal.parts, key=lambda part: part.supplier_id):
            self.refund(deal, part, part.invoiced, at=at, by=by, reason=deal.cancel_reason)

    def _pass_on(self, deal: Deal, at: datetime) -> None:
        deal.stage, deal.passed_at, deal.pass_at = Stage.PASSED, at, None
        for part in deal.parts:
            part.passed_at = at
        self.chronicle.record(events.OrderPassedOn(order=deal.id, seen=self.seen_by_all(deal)), at)
        for part in deal.parts:
            self._handed_over.to(deal, part, at)

    def _somebody(self, deal: Deal) -> Actor:
        return self._rng.choice(deal.shop.company.people)
