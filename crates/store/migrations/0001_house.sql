-- SQLite knows the collation "binary" by birth; PostgreSQL learns it here.
/*postgres create collation "binary" (locale = 'C'); postgres*/
/*postgres create sequence case_numbers_seq; postgres*/

-- Local: the work of the nodes.

create table jobs (
    id uuid primary key,
    name text collate "binary" not null,
    payload text collate "binary" not null,
    tries bigint not null,
    due_at bigint, -- null: quarantined
    holder uuid, -- the node that works on it
    error text collate "binary"
);
create index jobs_due on jobs (due_at);

create table leases (
    name text collate "binary" primary key,
    holder uuid not null,
    until bigint not null
) /*sqlite without rowid sqlite*/;

create table sign_ins (
    id uuid primary key,
    token_hash bytea not null unique,
    staff_id uuid not null,
    label text collate "binary" not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index sign_ins_staff on sign_ins (staff_id, id);

-- What must not happen too often, counted by what may be behind it: wrong passwords, acknowledgements.
create table attempts (
    name text collate "binary" primary key,
    since bigint not null,
    count bigint not null
) /*sqlite without rowid sqlite*/;
create index attempts_since on attempts (since);

-- What somebody did to some cases at once: they may undo it for a while.
create table acts (
    id uuid primary key,
    staff_id uuid not null,
    at bigint not null,
    cases text collate "binary" not null, -- JSON: how each stood before, and after
    refused text collate "binary" not null, -- JSON: how many stay as they were, and why
    undone bigint not null
);
create index acts_at on acts (at);

-- Raw mail that was accepted and is not yet filed.
create table inbound (
    id uuid primary key,
    channel_id uuid not null,
    at bigint not null,
    state text collate "binary" not null,
    tries bigint not null,
    error text collate "binary",
    hash text collate "binary" not null,
    whole bigint not null, -- 0: these are its headers, the rest stayed in the mailbox
    body bytea not null
);
create unique index inbound_copy on inbound (channel_id, hash);
-- `state = 'quarantined'` stands as a literal in index and query, as `live = 1` does.
create index inbound_quarantined on inbound (channel_id, at, id) where state = 'quarantined';
create index inbound_waiting on inbound (channel_id, at, id) where state = 'waiting';

-- How far a mailbox has been read, and how it is.
create table mailboxes (
    channel_id uuid primary key,
    validity bigint not null,
    uid bigint not null,
    read_at bigint, -- what came until then has been read
    state text collate "binary" not null,
    error text collate "binary",
    since bigint not null,
    last_at bigint, -- when the last mail reached it
    last_error text collate "binary", -- stays when it works again
    last_error_at bigint
);

-- Older mail of a mailbox that somebody has brought in, and how far that is.
create table histories (
    channel_id uuid primary key,
    state text collate "binary" not null,
    since bigint not null, -- mail that came from then on
    validity bigint not null,
    uid bigint not null, -- up to here it is done
    last bigint not null, -- up to here it goes
    done bigint not null,
    total bigint not null,
    left_out bigint not null, -- stay where they are: too large
    error text collate "binary",
    begun_at bigint not null, -- when it last began to run, and with how many done
    begun_done bigint not null
);

-- Shared: the desk's own vocabulary.

create table organization (
    id bigint primary key,
    name text collate "binary" not null,
    time_zone text collate "binary" not null,
    set_up_at bigint not null
);

create table settings (
    name text collate "binary" primary key,
    value text collate "binary" not null
);

create table staff (
    id uuid primary key,
    name text collate "binary" not null,
    email text collate "binary" not null unique,
    role text collate "binary" not null,
    password_hash text collate "binary" not null,
    created_at bigint not null,
    left_at bigint, -- null: works here
    signature text collate "binary" -- null: none
);

create table teams (
    id uuid primary key,
    name text collate "binary" not null unique,
    department bigint not null
);

-- Views that somebody has saved: of one person, of a team, or of everybody.
create table views (
    id uuid primary key,
    name text collate "binary" not null,
    filter text collate "binary" not null,
    staff_id uuid,
    team_id uuid,
    position bigint not null
);

-- Text that is written often, and what is done with it: of one person, of a team, or of everybody.
create table macros (
    id uuid primary key,
    name text collate "binary" not null,
    body text collate "binary" not null,
    actions text collate "binary" not null, -- JSON
    staff_id uuid,
    team_id uuid
);

-- Words that cases are marked with.
create table tags (
    id uuid primary key,
    name text collate "binary" not null,
    folded text collate "binary" not null unique
);

-- What a team wants to know of each case, contact or customer.
create table fields (
    id uuid primary key,
    owner text collate "binary" not null,
    name text collate "binary" not null,
    kind text collate "binary" not null,
    choices text collate "binary" not null, -- JSON
    required bigint not null,
    position bigint not null
);

create table team_members (
    team_id uuid not null references teams (id),
    staff_id uuid not null references staff (id),
    primary key (team_id, staff_id)
) /*sqlite without rowid sqlite*/;
create index team_members_staff on team_members (staff_id, team_id);

create table invitations (
    id uuid primary key,
    token_hash bytea not null unique,
    email text collate "binary" not null,
    name text collate "binary" not null,
    role text collate "binary" not null,
    invited_by uuid not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

create table channels (
    id uuid primary key,
    kind text collate "binary" not null,
    name text collate "binary" not null,
    address text collate "binary" not null unique,
    aliases text collate "binary" not null, -- JSON: further addresses that lead into it
    setup text collate "binary" not null,
    secret bytea, -- passwords, encrypted
    token_hash bytea unique,
    created_at bigint not null,
    signature text collate "binary", -- null: none
    dkim text collate "binary", -- JSON: its key's name and public half, and whether it signs
    dkim_key bytea -- the private half, encrypted
);

create table acknowledgements (
    channel_id uuid primary key references channels (id),
    active bigint not null,
    subject text collate "binary" not null,
    body text collate "binary" not null,
    closed_body text collate "binary" not null
);

-- Senders whose mail goes to spam: an address, or a domain.
create table blocks (
    sender text collate "binary" primary key,
    staff_id uuid not null,
    created_at bigint not null,
    held bigint not null, -- how many mails of theirs went to spam
    held_at bigint -- the last of them
) /*sqlite without rowid sqlite*/;
create index blocks_created on blocks (created_at, sender);

-- Hashes of the names of what was deleted for good.
create table graves (
    name text collate "binary" primary key
) /*sqlite without rowid sqlite*/;

-- Customer: what belongs to one customer, under that customer's key.

-- `without rowid` lays a customer's rows side by side; it does not suit long rows, so `messages` goes without.
create table customers (
    customer_id uuid primary key,
    kind text collate "binary" not null,
    name text collate "binary" not null,
    provisional bigint not null,
    parent_id uuid,
    merged_into uuid, -- no row moves; undo clears this
    created_at bigint not null,
    fields text collate "binary" not null default '{}' -- JSON
) /*sqlite without rowid sqlite*/;
create index customers_merged on customers (merged_into) where merged_into is not null;

create table contacts (
    customer_id uuid not null references customers (customer_id),
    id uuid not null,
    name text collate "binary" not null,
    created_at bigint not null,
    fields text collate "binary" not null default '{}', -- JSON
    primary key (customer_id, id)
) /*sqlite without rowid sqlite*/;

create table cases (
    customer_id uuid not null references customers (customer_id),
    id uuid not null,
    number bigint not null,
    subject text collate "binary" not null,
    status text collate "binary" not null,
    live bigint not null,
    priority text collate "binary" not null,
    assignee_id uuid references staff (id),
    team_id uuid references teams (id),
    contact_id uuid not null,
    channel_id uuid not null,
    follows bigint,
    opened_at bigint not null,
    last_at bigint not null,
    resolved_at bigint,
    resolution text collate "binary", -- what solved it, in one line
    preview text collate "binary" not null,
    theirs bigint not null,
    undelivered bigint not null, -- our last word has not reached them
    entries bigint not null,
    participants text collate "binary" not null,
    aside text collate "binary", -- null: it stands in the lists
    aside_why text collate "binary",
    aside_by uuid,
    aside_at bigint,
    owed_since bigint, -- since when they wait for a reply of ours
    due_at bigint, -- by when we owe it; null: nobody is timed
    warned bigint not null, -- somebody was told that its time runs out
    wake_at bigint, -- it is snoozed until then
    tags text collate "binary" not null, -- JSON; `marks` finds them
    fields text collate "binary" not null, -- JSON
    primary key (customer_id, id)
) /*sqlite without rowid sqlite*/;
-- What is put aside is not live; 2 is snoozed. These conditions stand as literals in index and query: a parameter defeats a partial
-- index in generic plans.
create index cases_customer on cases (customer_id, last_at, id) where aside is null;
create index cases_all on cases (last_at, id) where aside is null;
create index cases_team on cases (team_id, last_at, id) where team_id is not null and aside is null;
create index cases_spam on cases (last_at, id) where aside = 'spam';
create index cases_trash on cases (last_at, id) where aside = 'trash';
create index cases_spam_old on cases (aside_at) where aside = 'spam';
create index cases_trash_old on cases (aside_at) where aside = 'trash';
create index cases_live on cases (last_at, id) where live = 1;
create index cases_mine on cases (assignee_id, last_at, id) where live = 1 and assignee_id is not null;
create index cases_unassigned on cases (last_at, id) where live = 1 and assignee_id is null;
create index cases_waiting on cases (last_at, id) where live = 1 and status = 'waiting';
create index cases_team_live on cases (team_id, last_at, id) where live = 1 and team_id is not null;
create index cases_customer_live on cases (customer_id) where live = 1;
create index cases_due on cases (due_at, id) where live = 1 and due_at is not null;
create index cases_snoozed on cases (wake_at, id) where live = 2;
create index cases_team_snoozed on cases (team_id, wake_at, id) where live = 2 and team_id is not null;
create index cases_resolved on cases (resolved_at) where status = 'resolved' and aside is null;

-- By what it is marked with a case is found: a tag, or a choice of a field. Each row says where its case stands.
create table marks (
    customer_id uuid not null,
    case_id uuid not null,
    mark_id uuid not null,
    case_at bigint not null,
    case_live bigint not null,
    case_aside bigint not null,
    primary key (customer_id, case_id, mark_id),
    foreign key (customer_id, case_id) references cases (customer_id, id)
) /*sqlite without rowid sqlite*/;
create index marks_all on marks (mark_id, case_at, case_id) where case_aside = 0;
create index marks_live on marks (mark_id, case_at, case_id) where case_live = 1;

create table messages (
    customer_id uuid not null,
    case_id uuid not null,
    id uuid not null,
    direction text collate "binary" not null,
    state text collate "binary" not null,
    channel_id uuid not null,
    contact_id uuid,
    staff_id uuid,
    at bigint not null,
    sent_at bigint,
    external_id text collate "binary" not null,
    message_id text collate "binary", -- as in the header, with its brackets
    in_reply_to text collate "binary",
    refs text collate "binary" not null,
    subject text collate "binary" not null,
    sender text collate "binary" not null, -- these are JSON: read as a whole, never searched
    reply_to text collate "binary",
    recipients text collate "binary" not null,
    files text collate "binary" not null,
    folded text collate "binary" not null,
    verdict text collate "binary" not null,
    automatic text collate "binary",
    altered bigint not null, -- another message has the same Message-ID
    raw_hash text collate "binary",
    has_html bigint not null,
    remote bigint not null, -- its HTML names pictures that are elsewhere
    forwarded_by uuid, -- who of ours passed it on
    sealed text collate "binary",
    invitation text collate "binary", -- JSON
    error text collate "binary",
    hindrance text collate "binary", -- JSON
    body text collate "binary" not null,
    html text collate "binary",
    primary key (customer_id, case_id, id),
    foreign key (customer_id, case_id) references cases (customer_id, id)
);

create table associations (
    customer_id uuid not null,
    case_id uuid not null,
    message_id uuid not null,
    id uuid not null,
    at bigint not null,
    actor_kind text collate "binary" not null,
    actor_id uuid,
    decision text collate "binary" not null,
    reason text collate "binary" not null,
    confidence double precision not null,
    verified bigint not null,
    suggest text collate "binary" not null,
    primary key (customer_id, case_id, message_id, id)
) /*sqlite without rowid sqlite*/;

create table entries (
    customer_id uuid not null references customers (customer_id),
    at bigint not null,
    id uuid not null,
    case_id uuid,
    number bigint,
    actor_kind text collate "binary" not null,
    actor_id uuid,
    fact text collate "binary" not null,
    data text collate "binary" not null,
    primary key (customer_id, at, id)
) /*sqlite without rowid sqlite*/;
create unique index entries_case on entries (customer_id, case_id, number);

create table drafts (
    customer_id uuid not null,
    case_id uuid not null,
    staff_id uuid not null,
    note bigint not null,
    body text collate "binary" not null,
    html text collate "binary", -- null: the text says it all
    recipients text collate "binary" not null,
    files text collate "binary" not null,
    at bigint not null,
    primary key (customer_id, case_id, staff_id),
    foreign key (customer_id, case_id) references cases (customer_id, id)
);

create table blobs (
    customer_id uuid not null,
    case_id uuid not null,
    hash text collate "binary" not null,
    size bigint not null,
    body bytea, -- null: in parts, or in a file
    primary key (customer_id, case_id, hash),
    foreign key (customer_id, case_id) references cases (customer_id, id)
);
create index blobs_hash on blobs (hash) where body is null;

create table blob_parts (
    customer_id uuid not null,
    case_id uuid not null,
    hash text collate "binary" not null,
    part bigint not null,
    body bytea not null,
    primary key (customer_id, case_id, hash, part),
    foreign key (customer_id, case_id, hash) references blobs (customer_id, case_id, hash)
);

create table outbox (
    customer_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    message_id uuid not null,
    channel_id uuid not null,
    state text collate "binary" not null,
    tries bigint not null,
    at bigint not null,
    unclear bigint not null, -- a try ended without the server's word: it may have been sent
    handed bigint not null default 0, -- tries that came to the end of the mail, since the last one that ended
    done_at bigint,
    error text collate "binary",
    job_id uuid not null,
    pending text collate "binary", -- JSON, whom it still has to reach; null: everybody
    undo text collate "binary", -- JSON, what its case was before; null: it cannot be taken back
    primary key (customer_id, id),
    foreign key (customer_id, case_id) references cases (customer_id, id)
);
create index outbox_case on outbox (customer_id, case_id, message_id);
create index outbox_at on outbox (at, id);

-- Lookup: finds the customer of something named from outside.

-- The address comes first: it is what spreads the table over several database machines.
create table identities (
    address text collate "binary" not null,
    kind text collate "binary" not null,
    customer_id uuid not null,
    contact_id uuid not null,
    pictures bigint not null, -- remote pictures in their mails are shown unasked
    undeliverable_at bigint, -- since when mail there comes back for good
    undeliverable_why text collate "binary",
    primary key (address, kind, customer_id)
) /*sqlite without rowid sqlite*/;
create index identities_contact on identities (customer_id, contact_id);

create table domains (
    domain text collate "binary" primary key,
    customer_id uuid not null
) /*sqlite without rowid sqlite*/;
create index domains_customer on domains (customer_id);

create table case_numbers (
    number bigint primary key,
    customer_id uuid not null,
    case_id uuid not null
);

create table message_refs (
    external_id text collate "binary" primary key,
    customer_id uuid not null,
    case_id uuid not null,
    message_id uuid not null
) /*sqlite without rowid sqlite*/;
