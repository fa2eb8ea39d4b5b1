-- The agents' desk: who took what, what was done by whom, where each case stands on the desk, and what employees say.

ALTER TABLE case_file ADD COLUMN taken_at INTEGER;
ALTER TABLE case_file ADD COLUMN snoozed_at INTEGER;
-- NULL with `snoozed_at` set: until the customer answers
ALTER TABLE case_file ADD COLUMN snoozed_until INTEGER;
ALTER TABLE case_file ADD COLUMN escalated_at INTEGER;
ALTER TABLE case_file ADD COLUMN resolution TEXT;
ALTER TABLE case_file ADD COLUMN fixed_by TEXT;
ALTER TABLE case_file ADD COLUMN merged_into TEXT REFERENCES case_file (id);
CREATE INDEX case_snoozed ON case_file (snoozed_until) WHERE snoozed_at IS NOT NULL;
-- an outcome that came after the end, and when: a past day is shown without it
ALTER TABLE case_phase ADD COLUMN judged_at INTEGER;
DROP TRIGGER case_file_judged;
CREATE TRIGGER case_file_judged AFTER UPDATE OF outcome ON case_file
WHEN new.state = old.state AND new.outcome IS NOT old.outcome BEGIN
    UPDATE case_phase SET outcome = new.outcome, judged_at = new.updated_at WHERE case_id = new.id AND ended IS NULL;
END;
CREATE INDEX case_open_by_assignee ON case_file (assignee, first_answer_due) WHERE state <> 'resolved';

-- people at a desk, as they were seen last: names for the ids that `assignee` and `audit` hold
CREATE TABLE agent (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    rank TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- everything done at a desk, and what was refused; `key` is the press, so that one press is one line
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    deed TEXT NOT NULL,
    case_id TEXT REFERENCES case_file (id),
    about TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '{}',
    refused TEXT
) STRICT;
CREATE INDEX audit_case ON audit (case_id, seq) WHERE case_id IS NOT NULL;
CREATE INDEX audit_agent ON audit (agent_id, seq);
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log only grows');
END;

-- the texts a draft had, oldest first
CREATE TABLE draft_form (
    job_id INTEGER NOT NULL REFERENCES outbox (id),
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    written_by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT;

-- who wrote it; an answer that a person wrote has an author, and may need another person
ALTER TABLE outbox ADD COLUMN written_by TEXT;
-- the last line of history that lay before whoever wrote it (`interaction.seq`)
ALTER TABLE outbox ADD COLUMN written_after INTEGER;
-- what a person wrote is no automatic reply
DROP INDEX outbox_automatic;
CREATE INDEX outbox_automatic ON outbox (decided_at, state)
    WHERE kind IN ('reply', 'ask') AND verdict = 'send' AND written_by IS NULL;
DROP INDEX outbox_automatic_conversation;
CREATE INDEX outbox_automatic_conversation ON outbox (channel, conversation, state)
    WHERE kind IN ('reply', 'ask') AND verdict = 'send' AND written_by IS NULL;
-- where people can look at what was sent
ALTER TABLE outbox ADD COLUMN receipt_url TEXT;
-- what leaves first: answers, then urgent cases, then the rest
ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (priority DESC, due_at, id) WHERE state IN ('pending', 'sending');

-- `said_by` is NULL for who wished to stay unnamed
CREATE TABLE voice (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    touchpoint TEXT,
    case_id TEXT REFERENCES case_file (id),
    said_by TEXT,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX voice_said ON voice (at);
CREATE TABLE voice_vote (
    voice_id TEXT NOT NULL REFERENCES voice (id),
    agent_id TEXT NOT NULL,
    PRIMARY KEY (voice_id, agent_id)
) STRICT;

-- who is forgotten is looked up by every key that leads to them
CREATE INDEX interaction_mention ON interaction (mention_id) WHERE mention_id IS NOT NULL;
CREATE INDEX mention_customer ON mention (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX case_opened_by ON case_file (opened_by);

-- accounts of the erased, as keyed hashes: nothing of theirs is taken in again
CREATE TABLE tombstone (
    account TEXT PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT;

-- where a case stands on the desk; `stale` counts changes not drawn yet, `told` is the last interaction shown there
CREATE TABLE desk_card (
    case_id TEXT PRIMARY KEY REFERENCES case_file (id),
    place TEXT,
    message TEXT,
    stale INTEGER NOT NULL DEFAULT 1,
    told INTEGER NOT NULL DEFAULT 0,
    drawn TEXT,
    made_at INTEGER,
    tried_at INTEGER,
    trouble TEXT
) STRICT;
CREATE INDEX desk_card_stale ON desk_card (tried_at) WHERE stale > 0 AND place IS NOT NULL;
CREATE INDEX desk_card_made ON desk_card (made_at) WHERE made_at IS NOT NULL;
CREATE INDEX desk_card_homeless ON desk_card (case_id) WHERE place IS NULL AND made_at IS NOT NULL;
CREATE INDEX desk_card_place ON desk_card (place) WHERE place IS NOT NULL;

CREATE TRIGGER desk_case_opened AFTER INSERT ON case_file BEGIN
    INSERT INTO desk_card (case_id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER desk_case_changed AFTER UPDATE ON case_file BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.id;
END;
CREATE TRIGGER desk_said AFTER INSERT ON interaction WHEN new.case_id IS NOT NULL BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_unsaid AFTER UPDATE OF text ON interaction WHEN new.case_id IS NOT NULL BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_lived AFTER INSERT ON experience WHEN new.case_id IS NOT NULL BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_lived_otherwise AFTER UPDATE ON experience WHEN new.case_id IS NOT NULL BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_decided AFTER INSERT ON outbox
WHEN new.case_id IS NOT NULL AND new.kind IN ('reply', 'ask') BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_sent AFTER UPDATE OF state, error, action ON outbox
WHEN new.case_id IS NOT NULL AND new.kind IN ('reply', 'ask') AND new.state <> 'sending' BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_promised AFTER INSERT ON promise WHEN new.case_id IS NOT NULL BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_promise_moved AFTER UPDATE OF state ON promise WHEN new.case_id IS NOT NULL BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id = new.case_id;
END;
CREATE TRIGGER desk_customer_changed AFTER UPDATE OF name, opted_out_at, erased_at ON customer BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id IN (SELECT id FROM case_file WHERE customer_id = new.id);
END;
CREATE TRIGGER desk_scored AFTER UPDATE OF answer ON survey BEGIN
    UPDATE desk_card SET stale = stale + 1 WHERE case_id IN (SELECT id FROM case_file WHERE customer_id = new.customer_id);
END;
-- cases from before there was a desk
INSERT INTO desk_card (case_id) SELECT id FROM case_file WHERE state <> 'resolved' ON CONFLICT DO NOTHING;

-- what else was said on the desk, under its key: alerts, drafts, digests, voices, lists, lines of a case
CREATE TABLE desk_message (
    key TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    message TEXT NOT NULL,
    drawn TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL
) STRICT;

-- what was shown about somebody who is erased goes from the desk: `gone:` is what a desk has still to delete
CREATE TRIGGER desk_renamed AFTER UPDATE OF key ON outbox WHEN new.key <> old.key BEGIN
    UPDATE desk_message SET key = 'alert:' || new.key WHERE key = 'alert:' || old.key;
END;
CREATE TRIGGER desk_forgotten AFTER UPDATE OF customer_id ON outbox
WHEN (SELECT erased_at FROM customer WHERE id = new.customer_id) IS NOT NULL BEGIN
    UPDATE desk_message SET key = 'gone:' || key
    WHERE key IN ('alert:' || new.key, 'draft:' || new.id, 'decided:' || new.id);
END;
