//! A desk with so many rows that an index is worth its while.

/// Enough rows that PostgreSQL knows which index is worth its while: 3000 customers with three cases each, 100 teams.
pub const MANY: &str = "
    insert into customers (customer_id, kind, name, folded, provisional, fields, created_at)
     select md5('c' || n)::uuid, 'individual', 'Ann', 'ann' || n, 1, '{}', n from generate_series(1, 3000) n;
    insert into contacts (customer_id, id, name, fields, created_at)
     select md5('c' || n)::uuid, md5('p' || n)::uuid, 'Ann', '{}', n from generate_series(1, 3000) n;
    insert into customer_values (customer_id, field_id, value, folded)
     select md5('c' || n)::uuid, md5('f' || f)::uuid, f * n % 10, 'ann' || n
     from generate_series(1, 3000) n, generate_series(1, 3) f;
    insert into identities (address, kind, customer_id, contact_id, pictures)
     select n || '@example.com', 'email', md5('c' || n)::uuid, md5('p' || n)::uuid, 0 from generate_series(1, 3000) n;
    insert into domains (domain, customer_id)
     select n || '.example.com', md5('c' || n % 3000 + 1)::uuid from generate_series(1, 900) n;
    insert into staff (id, name, email, role, password_hash, created_at)
     select md5('s' || n)::uuid, 'Ada', n || '@example.org', 'agent', '', n from generate_series(0, 99) n;
    insert into teams (id, name, department)
     select md5('t' || n)::uuid, 'team ' || n, 0 from generate_series(0, 99) n;
    insert into cases (customer_id, id, number, subject, status, live, priority, assignee_id, team_id, contact_id,
      channel_id, opened_at, last_at, resolved_at, preview, theirs, undelivered, entries, participants, due_at, wake_at, promised_at,
      warned, tags, fields)
     select md5('c' || n % 3000 + 1)::uuid, md5('k' || n)::uuid, n + 1000, '',
       (array['new', 'open', 'waiting', 'resolved', 'closed', 'closed', 'closed', 'closed'])[n % 8 + 1],
       (n % 8 < 3)::int, 'normal', case when n % 3 > 0 then md5('s' || n % 100)::uuid end,
       case when n % 7 > 0 then md5('t' || n % 100)::uuid end, md5('p' || n % 3000 + 1)::uuid, md5('x')::uuid, n, n,
       case when n % 8 = 3 then n end, '', 0, 0, 1, '[]', case when n % 4 = 0 then n end, case when n % 16 = 1 then n end,
       case when n % 9 = 0 then n end, 0, '[]', '{}' from generate_series(1, 9000) n;
    update cases set live = 2 where live = 1 and wake_at is not null and number > 1000;
    update cases set aside = case when number % 2 = 0 then 'spam' else 'trash' end, aside_why = 'person',
      aside_at = last_at, live = 0 where number > 1000 and number % 20 < 2;
    insert into marks (customer_id, case_id, mark_id, case_at, case_live, case_aside)
     select customer_id, id, md5('g' || number % 50)::uuid, last_at, live, 0 from cases where number > 1000;
    insert into case_numbers (number, customer_id, case_id)
     select number, customer_id, id from cases where number > 1000;
    insert into messages (customer_id, case_id, id, direction, state, channel_id, at, external_id, refs, subject, sender,
      recipients, files, folded, verdict, altered, has_html, remote, body)
     select customer_id, id, md5('m' || number)::uuid, 'inbound', 'received', channel_id, number, 'm' || number, '', '',
       '{}', '{}', '[]', '[]', 'unknown', 0, 0, 0, '' from cases where number > 1000;
    insert into message_refs (external_id, customer_id, case_id, message_id)
     select external_id, customer_id, case_id, id from messages where external_id like 'm%';
    insert into associations (customer_id, case_id, message_id, id, at, actor_kind, decision, reason, confidence, verified,
      suggest)
     select customer_id, case_id, id, id, at, 'job', 'new', 'nothing', 0, 0, '[]' from messages;
    insert into entries (customer_id, at, id, case_id, number, actor_kind, fact, data)
     select customer_id, at, id, case_id, 99, 'job', 'received', '{}' from messages;
    insert into drafts (customer_id, case_id, staff_id, note, body, recipients, files, at)
     select customer_id, case_id, id, 0, '', '{}', '[]', at from messages;
    insert into followers (customer_id, case_id, staff_id)
     select customer_id, id, md5('s' || number % 100)::uuid from cases where number > 1000;
    insert into notifications (customer_id, case_id, id, staff_id, kind, at, by_name, line, count, seen_at, digest_id)
     select customer_id, id, id, md5('s' || number % 100)::uuid, 'message', number, '', '', 1,
       case when number % 5 > 0 then number end, case when number % 3 > 0 then id end from cases where number > 1000;
    insert into promises (customer_id, case_id, id, body, due_at, state, staff_id, at)
     select customer_id, case_id, id, '', at, case when at % 3 = 0 then 'open' else 'kept' end, id, at from messages;
    insert into briefs (customer_id, case_id, line, body, staff_id, at)
     select customer_id, case_id, 'issue', '', id, at from messages;
    insert into written_briefs (customer_id, case_id, asked, not_before)
     select customer_id, case_id, '', at from messages;
    insert into blobs (customer_id, case_id, hash, size) select customer_id, case_id, 'h', 1 from messages;
    insert into blob_parts (customer_id, case_id, hash, part, body)
     select customer_id, case_id, hash, 0, '' from blobs where hash = 'h';
    insert into outbox (customer_id, id, case_id, message_id, channel_id, state, tries, at, unclear, job_id)
     select customer_id, id, case_id, id, channel_id, 'sent', 1, at, 0, id from messages";
