-- People of whom only posts are held that nobody has read: found by account and name, to be told of and forgotten.

-- the last two columns are what its condition says, so that the index alone answers
CREATE INDEX mention_nobodys ON mention (author_channel, author_id, author_name, posted_at, customer_id, by_brand)
    WHERE customer_id IS NULL AND by_brand = 0;
