-- What came later: ratings, complaints, promises, and the customer's return. Views handed in: day_ratings,
-- later_contacts (every contact the repeat window can reach).
-- The last answer of each kind stands for the contact as a whole; each answer counts as a row of its own (`afterwards`).
CREATE OR REPLACE TEMP TABLE told_ratings AS
SELECT contact_id, bool_or(kind = 'invitation') AS invited,
       arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (kind = 'csat' AND value IS NOT NULL) AS csat,
       arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (kind = 'nps' AND value IS NOT NULL) AS nps
FROM day_ratings GROUP BY contact_id;

CREATE OR REPLACE TEMP TABLE grievances AS
SELECT n, count(*) FILTER (kind = 'complaint') AS complaints, count(*) FILTER (kind = 'praise') AS praises
FROM voices GROUP BY n;

-- One row per rating, complaint, praise and follow-up. It is about the agent it names, else about whoever served last.
-- Others have to act on a complaint that the ledger lays at a third party's door, that is of level L3 or was handed over.
-- A follow-up whose own beginning is not told began at the latest when the contact ended.
CREATE OR REPLACE TEMP TABLE afterwards AS
SELECT c.contact_id, v.entry_id, v.kind, coalesce(p.person, k.p.person, v.agent_key) AS person,
       coalesce(p.agent_key, v.agent_key) AS agent_key, coalesce(p.team, k.p.team) AS team, coalesce(p.post, k.p.post) AS post,
       coalesce(p.agent_class, k.p.agent_class) AS agent_class,
       c.source, c.channel, c.queue, c.business_line, c.category, c.level, c.opened_us, v.value, v.valid,
       CASE WHEN v.kind <> 'complaint' THEN NULL
            WHEN v.others OR c.level = 'L3' OR q.handed_over > 0 THEN 'other_departments' ELSE 'live' END AS context,
       if(v.kind = 'follow_up', coalesce(v.begun_us, c.closed_us), v.begun_us) AS begun_us,
       v.promised_us, v.first_us, v.closed_us, c.day, v.n
FROM voices v JOIN told_contacts c USING (n)
LEFT JOIN course q USING (n)
LEFT JOIN people p ON p.n = v.n AND if(v.agent_key IS NULL, p.is_primary, p.agent_key = v.agent_key)
LEFT JOIN known_as k ON k.n = v.n AND k.agent_key = v.agent_key;

CREATE OR REPLACE TEMP TABLE returns AS
WITH known AS (
    SELECT contact_id, customer_key, category, opened_us FROM later_contacts
    WHERE customer_key IS NOT NULL AND customer_known IS NOT FALSE AND opened_us IS NOT NULL
),
sorted AS (
    SELECT *, lead(opened_us) OVER (PARTITION BY customer_key, category ORDER BY opened_us, contact_id) AS next_us
    FROM known WHERE category IS NOT NULL
),
unsorted AS (SELECT customer_key, opened_us FROM known WHERE category IS NULL),
perhaps AS (  -- a contact without a category may be about the same matter
    SELECT s.contact_id, u.opened_us AS unsorted_us
    FROM (FROM sorted SEMI JOIN unsorted USING (customer_key)) s
    ASOF JOIN unsorted u ON u.customer_key = s.customer_key AND u.opened_us > s.opened_us
)
SELECT s.contact_id, s.next_us, p.unsorted_us FROM sorted s LEFT JOIN perhaps p USING (contact_id);

CREATE OR REPLACE TEMP TABLE children AS  -- a re-open starts a new episode; the window bounds how far one looks for it
SELECT p.contact_id, count(*) AS reopened
FROM later_contacts c JOIN told_contacts p ON p.contact_id = c.parent_id
WHERE c.opened_us >= p.opened_us
  AND c.opened_us - coalesce(p.closed_us, p.opened_us) <= getvariable('repeat_window_us')
GROUP BY p.contact_id;
