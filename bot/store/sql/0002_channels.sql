-- What channels bring beside posts: edits and deletions; and how they fare and what they cost.

ALTER TABLE mention ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mention ADD COLUMN deleted_at INTEGER;

-- what a mention said before its author changed it; form 0 is the first
CREATE TABLE mention_form (
    mention_id TEXT NOT NULL REFERENCES mention (id),
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    replaced_at INTEGER NOT NULL,
    PRIMARY KEY (mention_id, number)
) STRICT;

-- which words of whom stand in a kept edition, so that they can be taken out of it
CREATE TABLE digest_quote (
    mention_id TEXT NOT NULL REFERENCES mention (id),
    digest_key TEXT NOT NULL REFERENCES digest (key),
    text TEXT NOT NULL,
    PRIMARY KEY (mention_id, digest_key)
) STRICT;

-- how long a channel fared how; `seen` is the last moment at which that was known, `again` when it is tried again
CREATE TABLE channel_phase (
    channel TEXT NOT NULL,
    condition TEXT NOT NULL CHECK (condition IN ('up', 'waiting', 'down', 'off', 'ended')),
    reason TEXT NOT NULL,
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    again INTEGER,
    ended INTEGER
) STRICT;
CREATE UNIQUE INDEX channel_phase_current ON channel_phase (channel) WHERE ended IS NULL;
CREATE INDEX channel_phase_unread ON channel_phase (began, ended) WHERE condition IN ('waiting', 'down', 'off');

-- the day's money of a channel; a day is told by the moment at which it began where the brand is
CREATE TABLE purse (
    channel TEXT NOT NULL,
    day INTEGER NOT NULL,
    renews_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    budget INTEGER,
    when_spent TEXT NOT NULL CHECK (when_spent IN ('slow', 'stop')),
    PRIMARY KEY (channel, day)
) STRICT;
CREATE INDEX purse_day ON purse (day);

-- what it went on; costs are millionths of the currency
CREATE TABLE spending (
    channel TEXT NOT NULL,
    day INTEGER NOT NULL,
    what TEXT NOT NULL,
    units INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (channel, day, what),
    FOREIGN KEY (channel, day) REFERENCES purse (channel, day)
) STRICT;
