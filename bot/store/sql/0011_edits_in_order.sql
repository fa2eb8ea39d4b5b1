-- When, by the platform's word, the author wrote the form that is kept: an older one that comes later is not taken.

ALTER TABLE mention ADD COLUMN edited_at INTEGER;
