-- The index of the search on SQLite, in a file of its own. On PostgreSQL the same tables stand in the migrations.

-- What is in the index, in the order in which it came.
create table search_docs (
    seq integer primary key,
    kind text not null,
    customer_id blob not null,
    part_of blob not null, -- its case, or else its customer
    item_id blob not null,
    at bigint not null,
    hash bigint -- of its words; null: they are not in the index yet
);
create unique index search_docs_item on search_docs (item_id);
create index search_docs_part on search_docs (part_of);

-- How old the oldest of each 4,096 is.
create table search_spans (
    first integer primary key,
    oldest bigint not null
);

create table search_states (
    id integer primary key,
    version bigint not null,
    built bigint, -- up to here the words are in, while the index is made anew; null: it is whole
    total bigint not null,
    batch bigint not null, -- how much of the queue is in it
    erased bigint not null -- whether words of what was deleted may still lie in the file
);

-- Their words, made by domain::tokens.
create virtual table search_words using fts5 (
    tag, whole, body, content='', contentless_delete=1, detail=full, tokenize='ascii'
);
