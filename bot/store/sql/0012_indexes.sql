-- Whose rows are sought by a key that no index led to: who is forgotten or merged, and what a line of the audit is about.

CREATE INDEX outbox_customer ON outbox (customer_id);
CREATE INDEX reading_customer ON reading (customer_id);
CREATE INDEX audit_about ON audit (about);

-- what has not been heard in one place: whether an older text has still to be said there, and which one is heard there
CREATE INDEX outbox_turn ON outbox (channel, conversation, customer_id, id)
    WHERE receipt_id IS NULL AND kind IN ('reply', 'ask');
