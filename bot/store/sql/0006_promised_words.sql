-- whether the promise is itself a word to the customer ("we'll let you know by noon"): writing in time keeps it
ALTER TABLE promise ADD COLUMN a_word INTEGER NOT NULL DEFAULT 0;
