-- Mentions are counted at the owner's own touchpoints, not experiences: the index names them.

DROP INDEX experience_own;
CREATE INDEX experience_own ON experience (at, counted, touchpoint, own, sentiment, mention_id) WHERE own IS NOT NULL;
