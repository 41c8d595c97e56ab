"""The floor's queries, on Parley's own tables."""

ROW = """
    t.id, t.title, t.status, t.priority, t.dispute, t.due_at, topic.names->>'en' AS topic,
    opener.name AS opener, other.name AS other, turn.name AS turn, person.name AS assignee,
    s.activity_at, s.attachments, r.read_at
"""
TABLES = """
    JOIN tickets_ticket t ON t.id = s.ticket_id
    JOIN tickets_topic topic ON topic.id = t.topic_id
    JOIN parties_party opener ON opener.id = t.opener_id
    JOIN parties_party other ON other.id = t.counterparty_id
    LEFT JOIN parties_party turn ON turn.id = t.turn_party_id
    LEFT JOIN parties_person person ON person.id = t.assignee_id
    LEFT JOIN tickets_reading r ON r.ticket_id = t.id AND r.person_id = %(person)s
"""
IN_ORDER = "ORDER BY s.activity_at DESC, s.ticket_id DESC LIMIT 26"

FIRST_PAGE = f"""
    SELECT {ROW} FROM tickets_ticketside s {TABLES} WHERE s.party_id = %(party)s {IN_ORDER}
"""
LATER_PAGE = f"""
    SELECT {ROW} FROM tickets_ticketside s {TABLES}
    WHERE s.party_id = %(party)s AND (s.activity_at, s.ticket_id) < (%(at)s, %(ticket)s) {IN_ORDER}
"""
SEARCH = f"""
    SELECT {ROW} FROM tickets_ticketside s JOIN tickets_words w ON w.ticket_id = s.ticket_id
    {TABLES}
    WHERE s.party_id = %(party)s AND w.everyone @@ websearch_to_tsquery('parley', %(words)s)
    {IN_ORDER}
"""
# The same in two steps, which spares PostgreSQL from planning nine joins anew for each search.
FOUND = f"""
    SELECT s.id FROM tickets_ticketside s JOIN tickets_words w ON w.ticket_id = s.ticket_id
    WHERE s.party_id = %(party)s AND w.everyone @@ websearch_to_tsquery('parley', %(words)s)
    {IN_ORDER}
"""
THESE = f"SELECT {ROW} FROM tickets_ticketside s {TABLES} WHERE s.id = ANY(%(ids)s) {IN_ORDER}"
TICKET = f"""
    SELECT {ROW}, t.conversation_id, t.created_at, t.order_number, t.stars, author.name AS author,
        category.names->>'en' AS category
    FROM tickets_ticketside s {TABLES}
    JOIN tickets_category category ON category.id = topic.category_id
    JOIN parties_person author ON author.id = t.opener_person_id
    WHERE s.party_id = %(party)s AND t.id = %(ticket)s
"""
MESSAGES = """
    SELECT m.id, m.html, m.at, m.audience, person.name AS person, party.name AS party,
        CASE WHEN m.attached > 0 THEN ARRAY(
            SELECT ARRAY[a.id::text, a.name] FROM conversations_attachment a WHERE a.message_id = m.id
        ) END AS files
    FROM conversations_message m
    JOIN parties_party party ON party.id = m.party_id
    LEFT JOIN parties_person person ON person.id = m.person_id
    WHERE m.conversation_id = %(conversation)s ORDER BY m.id
"""

NEW_CONVERSATION = "INSERT INTO conversations_conversation (created_at) VALUES (now()) RETURNING id"
NEW_MESSAGE = """
    INSERT INTO conversations_message
        (conversation_id, person_id, party_id, audience, text, html, at, attached)
    VALUES (%(conversation)s, %(person)s, %(party)s, 'everyone', %(text)s, %(html)s, now(), 0)
    RETURNING id, at
"""
NEW_TICKET = """
    INSERT INTO tickets_ticket
        (conversation_id, topic_id, title, order_number, priority, opener_id, opener_person_id,
         counterparty_id, status, turn, turn_party_id, dispute, outcome, operator_speaks,
         created_at, urgency, queue_at, rating_comment, asks_to_cancel)
    VALUES (%(conversation)s, %(topic)s, %(title)s, '', 'question', %(party)s, %(person)s,
         %(to)s, 'created', 'counterparty', %(to)s, 'none', '', false, now(), 1, '9999-01-01 00:00+00', '',
         false)
    RETURNING id
"""
NEW_SIDES = """
    INSERT INTO tickets_ticketside (ticket_id, party_id, side, activity_at, attachments)
    VALUES (%(ticket)s, %(party)s, 'opener', now(), 0), (%(ticket)s, %(to)s, 'counterparty', now(), 0),
        (%(ticket)s, %(operator)s, 'operator', now(), 0)
"""
MOVED = """
    UPDATE tickets_ticket SET
        status = CASE WHEN opener_id = %(party)s THEN 'in_progress' ELSE 'answered' END,
        turn = CASE WHEN opener_id = %(party)s THEN 'counterparty' ELSE 'opener' END,
        turn_party_id = CASE WHEN opener_id = %(party)s THEN counterparty_id ELSE opener_id END
    WHERE id = %(ticket)s RETURNING conversation_id
"""
TOUCHED = "UPDATE tickets_ticketside SET activity_at = now() WHERE ticket_id = %(ticket)s"

# Not EXISTS, for which PostgreSQL would read all tickets into a table in memory: the floor is to be low.
ORDER_ROW = """
    o.id, o.number, o.channel_number, o.stage, o.payment, o.fulfilment, o.cancellation, o.notes,
    o.cost_minor, o.placed_at, seller.name AS seller,
    ARRAY(SELECT l.title FROM orders_orderline l WHERE l.order_id = o.id ORDER BY l.position) AS titles,
    ARRAY(SELECT p.name FROM orders_consignment c JOIN parties_party p ON p.id = c.supplier_id
        WHERE c.order_id = o.id ORDER BY c.id) AS suppliers,
    (SELECT true FROM tickets_ticket t WHERE t.order_id = o.id LIMIT 1) AS has_tickets
"""
ORDER_TABLES = "FROM orders_order o JOIN parties_party seller ON seller.id = o.seller_id"
ORDERS_IN_ORDER = "ORDER BY o.placed_at DESC, o.id DESC LIMIT 26"
ORDERS = f"SELECT {ORDER_ROW} {ORDER_TABLES} WHERE o.stage <> 'draft' {ORDERS_IN_ORDER}"
LATER_ORDERS = f"""
    SELECT {ORDER_ROW} {ORDER_TABLES}
    WHERE o.stage <> 'draft' AND (o.placed_at, o.id) < (%(at)s, %(order)s) {ORDERS_IN_ORDER}
"""
ORDERS_SEARCH = f"""
    SELECT {ORDER_ROW} {ORDER_TABLES}
    WHERE o.stage <> 'draft' AND o.words @@ plainto_tsquery('parley', %(words)s) {ORDERS_IN_ORDER}
"""
ORDER = f"""
    SELECT {ORDER_ROW}, o.to_name, o.to_street, o.to_city, o.to_postcode {ORDER_TABLES}
    WHERE o.id = %(order)s
"""
ORDER_LINES = """
    SELECT l.title, l.sku, l.quantity, l.shipped, l.cost_minor, l.vat_bp, supplier.name AS supplier
    FROM orders_orderline l
    LEFT JOIN orders_consignment c ON c.id = l.consignment_id
    LEFT JOIN parties_party supplier ON supplier.id = c.supplier_id
    WHERE l.order_id = %(order)s ORDER BY c.id, l.position
"""
ORDER_NOTES = """
    SELECT n.text, n.at, person.name AS person FROM orders_ordernote n
    JOIN parties_person person ON person.id = n.person_id WHERE n.order_id = %(order)s ORDER BY n.id
"""
ORDER_TICKETS = (
    "SELECT id, title, status FROM tickets_ticket WHERE order_id = %(order)s ORDER BY id DESC"
)
