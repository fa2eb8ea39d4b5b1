-- Whose rows are sought by a key that no index led to: who is forgotten or merged, and what a line of the audit is about.

CREATE INDEX outbox_customer ON outbox (customer_id);
CREATE INDEX reading_customer ON reading (customer_id);
CREATE INDEX audit_about ON audit (about);

-- whether an older text to the same person in the same place has still to be said
CREATE INDEX outbox_turn ON outbox (channel, conversation, customer_id, id)
    WHERE state IN ('pending', 'sending') AND kind IN ('reply', 'ask');
