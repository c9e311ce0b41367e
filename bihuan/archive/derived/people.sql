-- The agent's clock (X2), the waits of a share, and who the key was at that time. View handed in: staff.
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
periods AS (
    SELECT source, agent_key, person, team, post, agent_class, coalesce(from_us, -9223372036854775807) AS from_us,
           coalesce(to_us, 9223372036854775807) AS to_us
    FROM staff
),
moments AS (
    SELECT s.n, s.agent_key, c.source, coalesce(s.first_us, c.opened_us) AS at_us
    FROM shares s JOIN told_contacts c USING (n)
),
known_as AS (
    -- equal keys of two sources are two people: a row that names the source holds over one that names none
    SELECT m.n, m.agent_key, arg_max(p, (p.source IS NOT NULL, p.from_us, p.person)) AS p
    FROM moments m JOIN periods p
      ON p.agent_key = m.agent_key AND (p.source IS NULL OR p.source = m.source)
     AND m.at_us >= p.from_us AND m.at_us < p.to_us
    GROUP BY m.n, m.agent_key
    UNION ALL  -- without any time, only what never changed about a key is known
    SELECT m.n, m.agent_key, {
        source: NULL, agent_key: m.agent_key, person: if(min(p.person) = max(p.person), min(p.person), NULL),
        team: if(min(p.team) = max(p.team) AND count(p.team) = count(*), min(p.team), NULL),
        post: if(min(p.post) = max(p.post) AND count(p.post) = count(*), min(p.post), NULL),
        agent_class: if(min(p.agent_class) = max(p.agent_class) AND count(p.agent_class) = count(*), min(p.agent_class), NULL),
        from_us: 0, to_us: 0}
    FROM moments m JOIN periods p ON p.agent_key = m.agent_key AND (p.source IS NULL OR p.source = m.source)
    WHERE m.at_us IS NULL GROUP BY m.n, m.agent_key
)
SELECT s.n, s.agent_key, coalesce(k.p.person, s.agent_key) AS person, coalesce(s.team, k.p.team) AS team,
       coalesce(s.post, k.p.post) AS post, coalesce(s.agent_class, k.p.agent_class) AS agent_class, s.assigned_us,
       CASE WHEN c.channel = 'phone' THEN
                CASE WHEN s.accepted_us >= coalesce(s.assigned_only_us, s.rang_us)
                     THEN s.accepted_us - coalesce(s.assigned_only_us, s.rang_us) END
            WHEN s.assigned_us IS NULL THEN x.first_wait_us
            WHEN r.reply_us >= s.assigned_us THEN r.reply_us - s.assigned_us END AS agent_frt_us,
       s.agent_messages, x.exchanges, x.exchange_wait_us, h.active_us, h.hold_us, h.wrap_up_us,
       row_number() OVER (
           PARTITION BY s.n
           ORDER BY s.served DESC, s.last_us DESC NULLS LAST, s.last_seq DESC NULLS LAST, s.agent_key DESC) = 1 AS is_primary
FROM shares s JOIN told_contacts c USING (n)
LEFT JOIN known_as k USING (n, agent_key)
LEFT JOIN replies r USING (n, agent_key)
LEFT JOIN served_waits x USING (n, agent_key)
LEFT JOIN handling h USING (n, agent_key);

CREATE OR REPLACE TEMP TABLE exchanges AS
SELECT c.contact_id, w.seq, w.reply_seq, p.person, w.agent_key, p.team, p.post, p.agent_class,
       c.source, c.channel, c.queue, c.business_line, c.category, c.level,
       w.asked_us, w.replied_us, w.wait_us, w.first, c.day, w.n
FROM waits w JOIN told_contacts c USING (n) LEFT JOIN people p USING (n, agent_key);
