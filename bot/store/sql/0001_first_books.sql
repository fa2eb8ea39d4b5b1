-- The first books: everything heard, decided and said. Times are microseconds since 1970 in UTC.

CREATE TABLE cursor (
    listener TEXT PRIMARY KEY,
    position TEXT,
    moved_at INTEGER NOT NULL
) STRICT;

CREATE TABLE customer (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT,
    first_seen INTEGER NOT NULL,
    opted_out_at INTEGER,
    tags TEXT NOT NULL DEFAULT '',
    erased_at INTEGER
) STRICT;

-- who owns which account: the same name on another channel is another account
CREATE TABLE handle (
    channel TEXT NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    PRIMARY KEY (channel, account_id)
) STRICT;
CREATE INDEX handle_customer ON handle (customer_id);
CREATE INDEX handle_name ON handle (name COLLATE NOCASE);

CREATE TABLE mention (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    author_channel TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    text TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    thread_id TEXT,
    in_reply_to TEXT,
    url TEXT,
    visibility TEXT NOT NULL,
    language_hint TEXT,
    summoned INTEGER NOT NULL,
    backfilled INTEGER NOT NULL,
    by_brand INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'quarantined')),
    claims INTEGER NOT NULL DEFAULT 0,
    alone INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    customer_id TEXT REFERENCES customer (id),
    case_id TEXT REFERENCES case_file (id),
    note TEXT,
    UNIQUE (external_id, channel)
) STRICT;
CREATE INDEX mention_waiting ON mention (posted_at, seq, lease_until, claims, alone) WHERE state = 'waiting';
CREATE INDEX mention_quarantined ON mention (posted_at) WHERE state = 'quarantined';
CREATE INDEX mention_by_brand ON mention (posted_at) WHERE by_brand = 1;
CREATE INDEX mention_conversation ON mention (channel, conversation, posted_at);
CREATE INDEX mention_heard ON mention (channel, posted_at);

CREATE TABLE case_file (
    id TEXT PRIMARY KEY,
    key INTEGER NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    channel TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    opened_by TEXT NOT NULL REFERENCES mention (id),
    touchpoints TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'in_progress', 'waiting', 'resolved')),
    urgency TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    first_answer_due INTEGER NOT NULL,
    solve_due INTEGER NOT NULL,
    first_answered_at INTEGER,
    resolved_at INTEGER,
    outcome TEXT,
    assignee TEXT,
    reopened INTEGER NOT NULL
) STRICT;
CREATE INDEX case_customer ON case_file (customer_id, opened_at);
CREATE INDEX case_opened ON case_file (opened_at);
CREATE INDEX case_answered ON case_file (first_answered_at, opened_at, first_answer_due);
CREATE INDEX case_answer_due ON case_file (first_answer_due, first_answered_at, resolved_at);

-- how long a case stood where: what was open at any past moment can be counted
CREATE TABLE case_phase (
    case_id TEXT NOT NULL REFERENCES case_file (id),
    state TEXT NOT NULL,
    began INTEGER NOT NULL,
    ended INTEGER,
    outcome TEXT
) STRICT;
CREATE INDEX case_phase_current ON case_phase (case_id) WHERE ended IS NULL;
CREATE INDEX case_phase_open ON case_phase (ended, began, state) WHERE state <> 'resolved';
CREATE INDEX case_phase_case ON case_phase (case_id, began);
CREATE INDEX case_phase_resolved ON case_phase (began, case_id) WHERE state = 'resolved';

CREATE TRIGGER case_file_opened AFTER INSERT ON case_file BEGIN
    INSERT INTO case_phase (case_id, state, began, outcome)
    VALUES (new.id, new.state, new.opened_at, new.outcome);
END;
CREATE TRIGGER case_file_moved AFTER UPDATE OF state ON case_file WHEN new.state <> old.state BEGIN
    UPDATE case_phase SET ended = new.updated_at WHERE case_id = new.id AND ended IS NULL;
    INSERT INTO case_phase (case_id, state, began, outcome)
    VALUES (new.id, new.state, new.updated_at, new.outcome);
END;

CREATE TRIGGER case_file_judged AFTER UPDATE OF outcome ON case_file
WHEN new.state = old.state AND new.outcome IS NOT old.outcome BEGIN
    UPDATE case_phase SET outcome = new.outcome WHERE case_id = new.id AND ended IS NULL;
END;

CREATE TABLE reading (
    mention_seq INTEGER PRIMARY KEY REFERENCES mention (seq),
    posted_at INTEGER NOT NULL,
    channel TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    case_id TEXT REFERENCES case_file (id),
    counted INTEGER NOT NULL,
    language TEXT NOT NULL,
    sentiment TEXT NOT NULL,
    urgency TEXT NOT NULL,
    stage TEXT,
    spam INTEGER NOT NULL,
    about_brand INTEGER NOT NULL,
    abstained INTEGER NOT NULL,
    degraded INTEGER NOT NULL,
    model TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX reading_tally
    ON reading (posted_at, counted, sentiment, abstained, degraded, channel, customer_id);
CREATE INDEX reading_loop ON reading (posted_at, customer_id, case_id)
    WHERE counted = 1 AND sentiment = 'negative' AND case_id IS NOT NULL;

CREATE TABLE experience (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    mention_id TEXT NOT NULL REFERENCES mention (id),
    case_id TEXT REFERENCES case_file (id),
    counted INTEGER NOT NULL,
    stage TEXT,
    touchpoint TEXT,
    what TEXT NOT NULL,
    sentiment TEXT NOT NULL,
    effort TEXT NOT NULL,
    evidence TEXT NOT NULL,
    expectation TEXT,
    confidence REAL NOT NULL,
    model TEXT NOT NULL,
    at INTEGER NOT NULL,
    corrected_by TEXT
) STRICT;
CREATE INDEX experience_tally ON experience (at, counted, touchpoint, sentiment, confidence, mention_id);
CREATE INDEX experience_customer ON experience (customer_id, at);
CREATE INDEX experience_mention ON experience (mention_id);
CREATE INDEX experience_case ON experience (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX experience_corrected ON experience (at) WHERE corrected_by IS NOT NULL;

CREATE TABLE interaction (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    case_id TEXT REFERENCES case_file (id),
    mention_id TEXT REFERENCES mention (id),
    at INTEGER NOT NULL,
    direction TEXT NOT NULL,
    actor TEXT NOT NULL,
    channel TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX interaction_customer ON interaction (customer_id, at);
CREATE INDEX interaction_case ON interaction (case_id, at) WHERE case_id IS NOT NULL;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    mention_id TEXT NOT NULL REFERENCES mention (id),
    channel TEXT NOT NULL,
    conversation TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    case_id TEXT REFERENCES case_file (id),
    kind TEXT NOT NULL CHECK (kind IN ('reply', 'route', 'ask', 'alert', 'close', 'silence')),
    action TEXT NOT NULL,
    responder TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('pending', 'held', 'sending', 'sent', 'unknown', 'dead', 'withheld', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    ambiguous INTEGER NOT NULL DEFAULT 0,
    decided_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    approved_by TEXT,
    error TEXT,
    receipt_id TEXT,
    receipt_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_person ON outbox (state, decided_at) WHERE state IN ('held', 'unknown', 'dead');
CREATE INDEX outbox_house ON outbox (kind, verdict, state);
CREATE INDEX outbox_mention ON outbox (mention_id);
CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX outbox_words ON outbox (customer_id, decided_at, verdict, state) WHERE kind IN ('reply', 'ask');
CREATE INDEX outbox_asks ON outbox (customer_id, decided_at) WHERE kind = 'ask';
CREATE INDEX outbox_receipt ON outbox (channel, receipt_id) WHERE receipt_id IS NOT NULL;
-- automatic replies, as `Facts` counts them
CREATE INDEX outbox_automatic ON outbox (decided_at, state) WHERE kind IN ('reply', 'ask') AND verdict = 'send';
CREATE INDEX outbox_automatic_conversation ON outbox (channel, conversation, state)
    WHERE kind IN ('reply', 'ask') AND verdict = 'send';

CREATE TABLE survey (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    kind TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answer INTEGER,
    answered_at INTEGER
) STRICT;
CREATE INDEX survey_customer ON survey (customer_id, asked_at);
CREATE INDEX survey_asked ON survey (asked_at, kind, answer, answered_at);

CREATE TABLE promise (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    case_id TEXT REFERENCES case_file (id),
    channel TEXT NOT NULL,
    conversation TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    due INTEGER NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'broken', 'renegotiated')),
    settled_at INTEGER,
    heard_at INTEGER
) STRICT;
CREATE INDEX promise_open ON promise (customer_id) WHERE state = 'open';
CREATE INDEX promise_due ON promise (due);
CREATE INDEX promise_customer ON promise (customer_id, made_at);
CREATE INDEX promise_case ON promise (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE digest (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL
) STRICT;
