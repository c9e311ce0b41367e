-- Who a staff key was at the time: of every share, and of keys that only a rating, a complaint or a follow-up names.
-- View handed in: staff.
CREATE OR REPLACE TEMP TABLE known_as AS
WITH periods AS (
    SELECT source, agent_key, person, team, post, agent_class, coalesce(from_us, -9223372036854775807) AS from_us,
           coalesce(to_us, 9223372036854775807) AS to_us
    FROM staff
),
named AS (
    SELECT n, agent_key, first_us FROM shares
    UNION ALL
    SELECT n, agent_key, NULL FROM (SELECT DISTINCT n, agent_key FROM voices WHERE agent_key IS NOT NULL)
    ANTI JOIN shares USING (n, agent_key)
),
moments AS (
    SELECT s.n, s.agent_key, c.source, coalesce(s.first_us, c.opened_us) AS at_us
    FROM named s JOIN told_contacts c USING (n)
)
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
WHERE m.at_us IS NULL GROUP BY m.n, m.agent_key;
