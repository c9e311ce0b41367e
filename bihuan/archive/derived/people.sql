-- The agent's clock (X2), the waits of a share, and who the key was at that time.
CREATE OR REPLACE TEMP TABLE people AS
WITH replies AS (
    SELECT s.n, s.agent_key, arg_min({us: m.sent_us}, m.seq).us AS reply_us
    FROM shares s JOIN said m ON m.n = s.n AND m.agent_key = s.agent_key AND m.voice = 'agent' AND m.standing
    WHERE s.assigned_us IS NULL OR m.sent_us IS NULL OR m.sent_us >= s.assigned_us GROUP BY s.n, s.agent_key
),
served_waits AS (
    SELECT n, agent_key, count(wait_us) AS exchanges, sum(wait_us) AS exchange_wait_us,
           arg_min({us: wait_us}, seq).us AS first_wait_us
    FROM waits WHERE reply_seq IS NOT NULL AND agent_key IS NOT NULL GROUP BY n, agent_key
),
led AS (  -- the stay that led to the first reply; without a reply the last one
    SELECT y.n, y.agent_key, bool_or(r.n IS NOT NULL) AS replied,
           arg_max({from_us: y.from_us, until_us: y.until_us, released: y.released}, y.seq) AS stay
    FROM stays y JOIN told_contacts c USING (n) LEFT JOIN replies r USING (n, agent_key)
    WHERE c.channel <> 'phone' AND (r.reply_us IS NULL OR y.from_us <= r.reply_us) GROUP BY y.n, y.agent_key
),
held AS (  -- a stay of which nobody knows when it ended tells of no wait
    SELECT n, agent_key, stay.until_us AS released_us,
           CASE WHEN replied OR stay.until_us IS NOT NULL OR NOT stay.released THEN stay.from_us END AS assigned_us
    FROM led
)
SELECT s.n, s.agent_key, coalesce(k.p.person, s.agent_key) AS person, coalesce(s.team, k.p.team) AS team,
       coalesce(s.post, k.p.post) AS post, coalesce(s.agent_class, k.p.agent_class) AS agent_class,
       if(a.n IS NULL, s.assigned_us, a.assigned_us) AS held_since_us, a.released_us, s.served,
       CASE WHEN c.channel = 'phone' THEN
                CASE WHEN s.accepted_us >= coalesce(s.assigned_only_us, s.rang_us)
                     THEN s.accepted_us - coalesce(s.assigned_only_us, s.rang_us) END
            WHEN s.assigned_us IS NULL THEN x.first_wait_us
            WHEN r.reply_us >= held_since_us THEN r.reply_us - held_since_us END AS agent_frt_us,
       s.agent_messages, x.exchanges, x.exchange_wait_us, h.in_hand_us, h.active_us, h.hold_us, h.wrap_up_us, h.wrapped_up,
       row_number() OVER (
           PARTITION BY s.n
           ORDER BY s.served DESC, s.last_us DESC NULLS LAST, s.last_seq DESC NULLS LAST, s.agent_key DESC) = 1 AS is_primary
FROM shares s JOIN told_contacts c USING (n)
LEFT JOIN held a USING (n, agent_key)
LEFT JOIN known_as k USING (n, agent_key)
LEFT JOIN replies r USING (n, agent_key)
LEFT JOIN served_waits x USING (n, agent_key)
LEFT JOIN handling h USING (n, agent_key);

CREATE OR REPLACE TEMP TABLE exchanges AS
SELECT c.contact_id, w.seq, w.reply_seq, p.person, w.agent_key, p.team, p.post, p.agent_class,
       c.source, c.channel, c.queue, c.business_line, c.category, c.level,
       w.asked_us, w.replied_us, w.wait_us, w.first, c.day, w.n
FROM waits w JOIN told_contacts c USING (n) LEFT JOIN people p USING (n, agent_key);
