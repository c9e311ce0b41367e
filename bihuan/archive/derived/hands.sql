-- Through whose hands a contact went. Only contacts that several people had, or that were passed on, are looked at.
CREATE OR REPLACE TEMP TABLE hands AS
WITH moved AS (
    SELECT n FROM course WHERE transferred > 0 UNION SELECT n FROM shares GROUP BY n HAVING count(*) > 1
)
SELECT e.n, e.seq, e.kind, e.happened_us, e.agent_key,
       last_value(CASE WHEN e.kind IN ('assigned', 'accepted') THEN e.agent_key END IGNORE NULLS) OVER (
           PARTITION BY e.n ORDER BY e.seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS holder
FROM happened e SEMI JOIN moved USING (n)
WHERE e.kind IN ('queued', 'transferred') OR (e.kind IN ('assigned', 'accepted') AND e.agent_key IS NOT NULL);

-- Who first passed an answered contact on: whom the event names, else who held it then.
CREATE OR REPLACE TEMP TABLE passed AS
SELECT h.n, arg_min(coalesce(h.agent_key, h.holder), h.seq) AS agent_key
FROM hands h LEFT JOIN course q USING (n) LEFT JOIN talk t USING (n)
WHERE h.kind = 'transferred' AND coalesce(h.agent_key, h.holder) IS NOT NULL AND (q.accepted OR t.human_messages > 0)
GROUP BY h.n;

-- From when until when each had it: until it was passed on, put back into a queue, or given to another. Somebody else
-- who passes it on leaves it in the holder's hands until the next one has it.
CREATE OR REPLACE TEMP TABLE stays AS
WITH turns AS (
    SELECT n, seq, happened_us, CASE WHEN kind IN ('assigned', 'accepted') THEN agent_key END AS agent_key
    FROM hands WHERE kind <> 'transferred' OR agent_key IS NULL OR agent_key = holder
),
changes AS (
    SELECT * FROM turns QUALIFY agent_key IS DISTINCT FROM lag(agent_key) OVER (PARTITION BY n ORDER BY seq)
)
SELECT n, agent_key, seq, happened_us AS from_us, lead(happened_us) OVER of_contact AS until_us,
       lead(seq) OVER of_contact IS NOT NULL AS released
FROM changes WINDOW of_contact AS (PARTITION BY n ORDER BY seq) QUALIFY agent_key IS NOT NULL;
