-- Which of the owner's own touchpoints, within `touchpoint`, an experience was lived at.

ALTER TABLE experience ADD COLUMN own TEXT;
CREATE INDEX experience_own ON experience (at, counted, touchpoint, own, sentiment) WHERE own IS NOT NULL;
