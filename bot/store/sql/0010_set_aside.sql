-- What a person found not to be about the brand: it counts nowhere while its case stands so.

ALTER TABLE reading ADD COLUMN set_aside_by TEXT;
ALTER TABLE experience ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
CREATE INDEX reading_set_aside ON reading (mention_seq) WHERE set_aside_by IS NOT NULL;
