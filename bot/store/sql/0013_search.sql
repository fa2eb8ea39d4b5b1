-- What cases are found by: the words of their lines and of their customers' names, without accents and capitals. They are
-- in no full-text table of SQLite's, in which words that were taken back lie until it is merged.

CREATE TABLE case_word (
    word TEXT NOT NULL,
    case_key INTEGER NOT NULL REFERENCES case_file (key),
    PRIMARY KEY (word, case_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE name_word (
    word TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (word, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_word_customer ON name_word (customer_id);

-- what changed and is not in those two yet: a line that came, a text that is gone from a case, a customer with other
-- names. It is worked off in the transaction that changed it, so nobody else ever sees a row of it.
CREATE TABLE unsearched (
    seq INTEGER PRIMARY KEY,
    case_id TEXT,
    gone TEXT,
    line INTEGER,
    customer_id TEXT
) STRICT;

CREATE TRIGGER interaction_said AFTER INSERT ON interaction WHEN new.case_id IS NOT NULL AND new.text <> '' BEGIN
    INSERT INTO unsearched (line) VALUES (new.seq);
END;
CREATE TRIGGER interaction_changed AFTER UPDATE OF text, case_id ON interaction
WHEN new.text <> old.text OR new.case_id IS NOT old.case_id BEGIN
    INSERT INTO unsearched (case_id, gone) SELECT old.case_id, old.text WHERE old.case_id IS NOT NULL AND old.text <> '';
    INSERT INTO unsearched (line) SELECT new.seq WHERE new.case_id IS NOT NULL AND new.text <> '';
END;
CREATE TRIGGER handle_came AFTER INSERT ON handle BEGIN
    INSERT INTO unsearched (customer_id) VALUES (new.customer_id);
END;
CREATE TRIGGER handle_changed AFTER UPDATE OF name, customer_id ON handle BEGIN
    INSERT INTO unsearched (customer_id) VALUES (old.customer_id), (new.customer_id);
END;
CREATE TRIGGER handle_went AFTER DELETE ON handle BEGIN
    INSERT INTO unsearched (customer_id) VALUES (old.customer_id);
END;
CREATE TRIGGER customer_came AFTER INSERT ON customer BEGIN
    INSERT INTO unsearched (customer_id) VALUES (new.id);
END;
CREATE TRIGGER customer_changed AFTER UPDATE OF id, name ON customer BEGIN
    INSERT INTO unsearched (customer_id) VALUES (old.id), (new.id);
END;
CREATE TRIGGER customer_went AFTER DELETE ON customer BEGIN
    INSERT INTO unsearched (customer_id) VALUES (old.id);
END;

INSERT INTO unsearched (line) SELECT seq FROM interaction WHERE case_id IS NOT NULL AND text <> '';
INSERT INTO unsearched (customer_id) SELECT id FROM customer;
