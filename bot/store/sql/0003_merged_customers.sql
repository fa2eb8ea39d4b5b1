-- Who turned out to be one person, with the consent without which nobody may be looked up across platforms.

-- `merged_id` is the id that is gone; `accounts` are those that came along with it, as JSON
CREATE TABLE customer_merge (
    merged_id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    accounts TEXT NOT NULL,
    consent TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX customer_merge_customer ON customer_merge (customer_id);
