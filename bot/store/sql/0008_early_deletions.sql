-- Deletions that overtook their post: the post is not taken in when it comes.

-- `post` is a keyed hash of its id, as accounts are kept in `tombstone`; `came_at` is when the post came all the same
CREATE TABLE early_deletion (
    channel TEXT NOT NULL,
    post TEXT NOT NULL,
    heard_at INTEGER NOT NULL,
    came_at INTEGER,
    PRIMARY KEY (channel, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX early_deletion_heard ON early_deletion (heard_at);
CREATE INDEX early_deletion_came ON early_deletion (came_at) WHERE came_at IS NOT NULL;
