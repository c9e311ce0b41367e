-- Frozen reference: the three derived tables of the service record, written by hand from the metric definitions.
-- The product may take at most twice as long as this. It is plain DuckDB SQL over whole tables, one statement each,
-- and knows nothing of partitions, batches or memory limits.
--
-- Inputs (views or tables): contacts, events, messages, ratings, complaints, follow_ups, staff.
-- Parameters: getvariable('repeat_window_us'). Outputs: tables exchanges, afterwards and rollup.
-- Order within a contact is `seq`. Unknown times give null, never zero. Only messages that count are looked at:
-- bots, system lines, automatic and withdrawn messages neither start nor stop a wait.

CREATE OR REPLACE TEMP TABLE spoken AS
SELECT contact_id, seq, sent_us, sender_kind, agent_key,
       lag(sender_kind) OVER of_contact AS before_kind
FROM messages
WHERE sender_kind IN ('customer', 'agent') AND automatic IS NOT TRUE AND withdrawn_us IS NULL
WINDOW of_contact AS (PARTITION BY contact_id ORDER BY seq);

-- What one pass over the messages of a contact tells.
CREATE OR REPLACE TEMP TABLE talk AS
SELECT contact_id,
       count(*) FILTER (WHERE sender_kind = 'customer' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS customer_messages,
       count(*) FILTER (WHERE sender_kind = 'bot' AND withdrawn_us IS NULL) AS bot_messages,
       count(*) FILTER (WHERE sender_kind = 'agent' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS human_messages,
       min(seq) FILTER (WHERE sender_kind = 'customer' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS customer_seq,
       min(sent_us) FILTER (WHERE sender_kind = 'bot' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS bot_first_us,
       max(sent_us) FILTER (WHERE sender_kind = 'bot' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS bot_last_us
FROM messages GROUP BY contact_id;

-- What the events of a contact tell.
CREATE OR REPLACE TEMP TABLE course AS
WITH firsts AS (
    SELECT contact_id,
           min(happened_us) FILTER (WHERE kind = 'queued') AS queued_us,
           min(happened_us) FILTER (WHERE kind = 'rang') AS rang_us,
           min(happened_us) FILTER (WHERE kind = 'assigned') AS assigned_us,
           min(happened_us) FILTER (WHERE kind = 'accepted') AS accepted_us,
           min(happened_us) FILTER (WHERE kind = 'handed_over') AS handed_over_us,
           bool_or(kind IN ('queued', 'rang', 'assigned', 'accepted')) AS offered,
           bool_or(kind = 'accepted') AS accepted,
           bool_or(kind = 'abandoned') AS abandoned,
           bool_or(kind = 'resolved') AS resolved,
           sum(rings) FILTER (WHERE kind = 'rang') AS rings,
           sum(duration_us) FILTER (WHERE kind = 'rang') AS ring_us,
           count(*) FILTER (WHERE kind = 'reopened') AS reopened,
           count(*) FILTER (WHERE kind = 'transferred') AS transferred,
           count(*) FILTER (WHERE kind = 'escalated') AS escalated,
           count(*) FILTER (WHERE kind = 'handed_over') AS handed_over
    FROM events GROUP BY contact_id
),
after_queue AS (
    SELECT e.contact_id,
           min(e.happened_us) FILTER (WHERE e.kind = 'accepted' AND e.happened_us >= f.queued_us) AS accepted_us,
           min(e.happened_us) FILTER (WHERE e.kind = 'assigned' AND e.happened_us >= f.queued_us) AS assigned_us,
           min(e.happened_us) FILTER (WHERE e.kind = 'abandoned' AND e.happened_us >= f.queued_us) AS abandoned_us,
           min(e.happened_us) FILTER (WHERE e.kind = 'accepted' AND e.happened_us >= f.rang_us) AS answered_us
    FROM events e JOIN firsts f USING (contact_id)
    WHERE e.kind IN ('accepted', 'assigned', 'abandoned') GROUP BY e.contact_id
)
SELECT f.* EXCLUDE (ring_us),
       coalesce(a.accepted_us, a.assigned_us, a.abandoned_us) - f.queued_us AS queue_us,
       coalesce(f.ring_us, a.answered_us - f.rang_us) AS ring_us,
       coalesce(f.queued_us, f.assigned_us) AS people_us
FROM firsts f LEFT JOIN after_queue a USING (contact_id);

-- The customer's clock. It starts with the first customer message; where a bot conversed first, or where the
-- customer came through the queue before writing, with the hand-off to people.
CREATE OR REPLACE TEMP TABLE clock AS
WITH starts AS (
    SELECT c.contact_id, c.channel, q.people_us, t.customer_seq, m.sent_us AS customer_us,
           q.people_us IS NOT NULL AND t.bot_last_us > m.sent_us AND t.bot_first_us < q.people_us
               AND m.sent_us < q.people_us
               AND EXISTS (
                   FROM messages b WHERE b.contact_id = c.contact_id AND b.sender_kind = 'bot'
                     AND b.automatic IS NOT TRUE AND b.withdrawn_us IS NULL
                     AND b.sent_us > m.sent_us AND b.sent_us <= q.people_us
               ) AS through_bot
    FROM contacts c
    LEFT JOIN talk t USING (contact_id)
    LEFT JOIN messages m ON m.contact_id = t.contact_id AND m.seq = t.customer_seq
    LEFT JOIN course q ON q.contact_id = c.contact_id
    WHERE c.channel <> 'phone'
),
begun AS (
    SELECT *,
           (customer_seq IS NULL OR through_bot OR people_us < customer_us) AND people_us IS NOT NULL AS by_hand_off,
           CASE WHEN (customer_seq IS NULL OR through_bot OR people_us < customer_us) AND people_us IS NOT NULL
                THEN people_us ELSE customer_us END AS start_us
    FROM starts
),
answers AS (
    SELECT b.contact_id, min(s.seq) AS reply_seq, arg_min({'us': s.sent_us}, s.seq).us AS reply_us
    FROM begun b JOIN spoken s USING (contact_id)
    WHERE s.sender_kind = 'agent'
      AND CASE WHEN b.by_hand_off THEN s.sent_us IS NULL OR s.sent_us >= b.start_us ELSE s.seq > b.customer_seq END
    GROUP BY b.contact_id
)
SELECT b.contact_id, b.through_bot AND b.by_hand_off AS through_bot, b.start_us,
       CASE WHEN a.reply_us >= b.start_us THEN a.reply_us - b.start_us END AS frt_us,
       CASE WHEN a.reply_seq IS NULL THEN b.start_us END AS waiting_since_us
FROM begun b LEFT JOIN answers a USING (contact_id)
UNION ALL
SELECT c.contact_id, false, offered_us,
       CASE WHEN q.accepted_us >= offered_us THEN q.accepted_us - offered_us END,
       CASE WHEN NOT q.accepted THEN offered_us END
FROM (FROM contacts WHERE channel = 'phone') c
JOIN (SELECT *, least(queued_us, rang_us, assigned_us) AS offered_us FROM course) q USING (contact_id);

-- Waits: first unanswered customer message → next human reply. Phone turns are not exchanges.
CREATE OR REPLACE TEMP TABLE waits AS
WITH turns AS (
    SELECT s.contact_id, s.seq, s.sender_kind, s.agent_key, s.before_kind,
           CASE WHEN k.through_bot AND s.sender_kind = 'customer' AND s.sent_us < k.start_us THEN k.start_us ELSE s.sent_us END AS at_us
    FROM spoken s JOIN clock k USING (contact_id) JOIN contacts c USING (contact_id)
    WHERE c.channel <> 'phone' AND (s.sender_kind IS DISTINCT FROM s.before_kind)
),
pairs AS (
    SELECT *, lead(seq) OVER of_contact AS reply_seq, lead(at_us) OVER of_contact AS replied_us,
           lead(agent_key) OVER of_contact AS replier, lead(sender_kind) OVER of_contact AS next_kind
    FROM turns WINDOW of_contact AS (PARTITION BY contact_id ORDER BY seq)
)
SELECT contact_id, seq, reply_seq, replier AS agent_key, at_us AS asked_us, replied_us,
       CASE WHEN replied_us >= at_us THEN replied_us - at_us END AS wait_us,
       row_number() OVER (PARTITION BY contact_id ORDER BY seq) = 1 AS first
FROM pairs WHERE sender_kind = 'customer';

-- One row per contact and staff key that served it, with this share's counts.
CREATE OR REPLACE TEMP TABLE shares AS
WITH by_message AS (
    SELECT contact_id, agent_key,
           count(*) FILTER (WHERE withdrawn_us IS NULL) AS agent_messages,
           min(sent_us) AS first_us, max(sent_us) AS last_us, max(seq) AS last_seq
    FROM messages WHERE sender_kind = 'agent' AND automatic IS NOT TRUE AND agent_key IS NOT NULL
    GROUP BY contact_id, agent_key
),
by_event AS (
    SELECT contact_id, agent_key,
           min(happened_us) FILTER (WHERE kind = 'assigned') AS assigned_us,
           min(happened_us) FILTER (WHERE kind = 'accepted') AS accepted_us,
           min(happened_us) AS first_us,
           max(happened_us) FILTER (WHERE kind IN ('accepted', 'held', 'resumed', 'resolved')) AS last_us,
           bool_or(kind <> 'assigned') AS served,
           arg_max(team, seq) FILTER (WHERE team IS NOT NULL) AS team,
           arg_max(post, seq) FILTER (WHERE post IS NOT NULL) AS post,
           arg_max(agent_class, seq) FILTER (WHERE agent_class IS NOT NULL) AS agent_class
    FROM events
    WHERE agent_key IS NOT NULL AND kind IN (
        'assigned', 'accepted', 'held', 'resumed', 'transferred', 'escalated', 'handed_over', 'resolved',
        'wrap_up_started', 'wrap_up_ended')
    GROUP BY contact_id, agent_key
),
rung AS (
    SELECT contact_id, agent_key, min(happened_us) AS rang_us
    FROM events WHERE kind = 'rang' AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
)
SELECT contact_id, agent_key, m.agent_messages, e.team, e.post, e.agent_class, e.accepted_us, r.rang_us,
       e.assigned_us AS assigned_only_us, coalesce(e.assigned_us, e.accepted_us) AS assigned_us,
       least(m.first_us, e.first_us) AS first_us,
       (m.contact_id IS NOT NULL OR coalesce(e.served, false)) AS served,
       greatest(m.last_us, e.last_us) AS last_us, m.last_seq
FROM by_message m FULL JOIN by_event e USING (contact_id, agent_key) LEFT JOIN rung r USING (contact_id, agent_key);

-- Contacts that went through several hands: who first passed an answered one on, and from when until when each had it.
CREATE OR REPLACE TEMP TABLE hands AS
SELECT contact_id, seq, kind, happened_us, agent_key,
       last_value(CASE WHEN kind IN ('assigned', 'accepted') THEN agent_key END IGNORE NULLS) OVER (
           PARTITION BY contact_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS holder
FROM events SEMI JOIN (
    SELECT contact_id FROM course WHERE transferred > 0
    UNION SELECT contact_id FROM shares GROUP BY contact_id HAVING count(*) > 1
) moved USING (contact_id)
WHERE kind IN ('queued', 'transferred') OR (kind IN ('assigned', 'accepted') AND agent_key IS NOT NULL);

CREATE OR REPLACE TEMP TABLE passed AS
SELECT h.contact_id, arg_min(coalesce(h.agent_key, h.holder), h.seq) AS agent_key
FROM hands h LEFT JOIN course q USING (contact_id) LEFT JOIN talk t USING (contact_id)
WHERE h.kind = 'transferred' AND coalesce(h.agent_key, h.holder) IS NOT NULL
  AND (coalesce(q.accepted, false) OR coalesce(t.human_messages, 0) > 0)
GROUP BY h.contact_id;

CREATE OR REPLACE TEMP TABLE stays AS
WITH turns AS (
    SELECT contact_id, seq, happened_us, CASE WHEN kind IN ('assigned', 'accepted') THEN agent_key END AS agent_key
    FROM hands WHERE NOT (kind = 'transferred' AND agent_key IS NOT NULL AND agent_key IS DISTINCT FROM holder)
),
changes AS (
    SELECT * FROM turns
    QUALIFY agent_key IS DISTINCT FROM lag(agent_key) OVER (PARTITION BY contact_id ORDER BY seq)
),
spans AS (
    SELECT *, lead(happened_us) OVER of_contact AS until_us, lead(seq) OVER of_contact IS NOT NULL AS released
    FROM changes WINDOW of_contact AS (PARTITION BY contact_id ORDER BY seq)
)
SELECT contact_id, agent_key, seq, happened_us AS from_us, until_us, released FROM spans WHERE agent_key IS NOT NULL;

-- Time in hand: from acceptance (assignment where nobody records acceptance) to leaving it, holds taken out.
CREATE OR REPLACE TEMP TABLE handling AS
WITH marks AS (
    SELECT e.contact_id, e.seq, e.happened_us, e.agent_key, e.duration_us, e.kind,
           kind = 'accepted' OR (kind = 'assigned' AND NOT q.accepted) AS opens
    FROM events e JOIN course q USING (contact_id)
    WHERE kind IN ('assigned', 'accepted', 'transferred', 'wrap_up_started', 'wrap_up_ended', 'held', 'resumed',
                   'closed', 'abandoned')
),
held_by AS (
    SELECT *, last_value(CASE WHEN opens THEN agent_key END IGNORE NULLS) OVER (
               PARTITION BY contact_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS holder
    FROM marks
),
stints AS (
    SELECT contact_id, agent_key, opens, happened_us, lead(happened_us) OVER (PARTITION BY contact_id ORDER BY seq) AS until_us,
           lead(seq) OVER (PARTITION BY contact_id ORDER BY seq) AS until_seq
    FROM held_by
    WHERE opens OR kind IN ('closed', 'abandoned')
       OR (kind IN ('transferred', 'wrap_up_started') AND (agent_key IS NULL OR agent_key = holder))
),
in_hand AS (
    SELECT s.contact_id, s.agent_key,
           CASE WHEN count(*) = count(*) FILTER (WHERE if(until_seq IS NULL, c.closed_us, until_us) >= happened_us)
                THEN sum(if(until_seq IS NULL, c.closed_us, until_us) - happened_us) END AS span_us
    FROM stints s JOIN contacts c USING (contact_id)
    WHERE s.opens AND s.agent_key IS NOT NULL GROUP BY s.contact_id, s.agent_key
),
holds AS (
    SELECT contact_id, agent_key, sum(coalesce(duration_us, CASE WHEN until_us >= happened_us THEN until_us - happened_us END)) AS hold_us
    FROM (
        SELECT contact_id, kind, coalesce(agent_key, holder) AS agent_key, duration_us, happened_us,
               lead(happened_us) OVER (PARTITION BY contact_id ORDER BY seq) AS until_us
        FROM held_by WHERE kind IN ('held', 'resumed', 'transferred', 'closed', 'abandoned')
    ) WHERE kind = 'held' AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
),
wrap_ups AS (  -- one of unknown length makes the whole unknown
    SELECT contact_id, agent_key, true AS wrapped_up,
           CASE WHEN count(*) = count(coalesce(duration_us, CASE WHEN until_us >= happened_us THEN 0 END))
                THEN sum(coalesce(duration_us, until_us - happened_us)) END AS wrap_up_us
    FROM (
        SELECT contact_id, agent_key, kind, duration_us, happened_us,
               lead(happened_us) OVER (PARTITION BY contact_id, agent_key ORDER BY seq) AS until_us
        FROM marks WHERE kind IN ('wrap_up_started', 'wrap_up_ended')
    ) WHERE kind = 'wrap_up_started' AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
)
SELECT contact_id, agent_key, hold_us, wrapped_up, wrap_up_us,
       CASE WHEN span_us >= coalesce(hold_us, 0) THEN span_us - coalesce(hold_us, 0) END AS active_us
FROM in_hand FULL JOIN holds USING (contact_id, agent_key) FULL JOIN wrap_ups USING (contact_id, agent_key)
WHERE agent_key IS NOT NULL;

-- Where a source never tells of wrap-up on a day, nobody knows that there was none.
CREATE OR REPLACE TEMP TABLE wrap_up_told AS
SELECT DISTINCT c.source, c.day, true AS told FROM events e JOIN contacts c USING (contact_id)
WHERE e.kind IN ('wrap_up_started', 'wrap_up_ended');

-- The agent's clock, the waits of a share, and who the key was then.
CREATE OR REPLACE TEMP TABLE people AS
WITH replies AS (
    SELECT s.contact_id, s.agent_key, arg_min({'us': m.sent_us}, m.seq).us AS reply_us
    FROM shares s JOIN spoken m ON m.contact_id = s.contact_id AND m.agent_key = s.agent_key AND m.sender_kind = 'agent'
    WHERE s.assigned_us IS NULL OR m.sent_us IS NULL OR m.sent_us >= s.assigned_us GROUP BY s.contact_id, s.agent_key
),
served_waits AS (
    SELECT contact_id, agent_key, count(wait_us) AS exchanges, sum(wait_us) AS exchange_wait_us,
           arg_min({'us': wait_us}, seq).us AS first_wait_us
    FROM waits WHERE reply_seq IS NOT NULL AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
),
led AS (  -- the stay that led to the first reply; without a reply the last one
    SELECT y.contact_id, y.agent_key, bool_or(r.contact_id IS NOT NULL) AS replied,
           arg_max({'from_us': y.from_us, 'until_us': y.until_us, 'released': y.released}, y.seq) AS stay
    FROM stays y JOIN contacts c USING (contact_id) LEFT JOIN replies r USING (contact_id, agent_key)
    WHERE c.channel <> 'phone' AND (r.reply_us IS NULL OR y.from_us <= r.reply_us) GROUP BY y.contact_id, y.agent_key
),
held AS (  -- a stay of which nobody knows when it ended tells of no wait
    SELECT s.contact_id, s.agent_key, l.stay.until_us AS released_us,
           CASE WHEN l.contact_id IS NULL THEN s.assigned_us
                WHEN l.replied OR l.stay.until_us IS NOT NULL OR NOT l.stay.released THEN l.stay.from_us END AS since_us
    FROM shares s LEFT JOIN led l USING (contact_id, agent_key)
),
known_as AS (
    SELECT k.contact_id, k.agent_key, arg_max(p, p.from_us) AS p
    FROM (SELECT s.contact_id, s.agent_key, c.source, coalesce(s.first_us, c.opened_us) AS at_us
          FROM shares s JOIN contacts c USING (contact_id)) k
    JOIN (SELECT * REPLACE (coalesce(from_us, -9223372036854775807) AS from_us) FROM staff) p
      ON p.agent_key = k.agent_key AND (p.source IS NULL OR p.source = k.source)
     AND k.at_us >= p.from_us AND k.at_us < coalesce(p.to_us, 9223372036854775807)
    GROUP BY k.contact_id, k.agent_key
),
always AS (  -- without any time, only what never changed about a key is known
    SELECT s.contact_id, s.agent_key, if(min(p.person) = max(p.person), min(p.person), NULL) AS person,
           if(min(p.team) = max(p.team) AND count(p.team) = count(*), min(p.team), NULL) AS team,
           if(min(p.post) = max(p.post) AND count(p.post) = count(*), min(p.post), NULL) AS post,
           if(min(p.agent_class) = max(p.agent_class) AND count(p.agent_class) = count(*), min(p.agent_class), NULL) AS agent_class
    FROM shares s JOIN contacts c USING (contact_id)
    JOIN staff p ON p.agent_key = s.agent_key AND (p.source IS NULL OR p.source = c.source)
    WHERE s.first_us IS NULL AND c.opened_us IS NULL GROUP BY s.contact_id, s.agent_key
)
SELECT s.contact_id, s.agent_key, coalesce(k.p.person, w.person, s.agent_key) AS person,
       coalesce(s.team, k.p.team, w.team) AS team, coalesce(s.post, k.p.post, w.post) AS post,
       coalesce(s.agent_class, k.p.agent_class, w.agent_class) AS agent_class,
       e.since_us AS assigned_us, e.released_us, s.served, s.last_us, s.last_seq,
       CASE WHEN c.channel = 'phone' THEN
                CASE WHEN s.accepted_us >= coalesce(s.assigned_only_us, s.rang_us)
                     THEN s.accepted_us - coalesce(s.assigned_only_us, s.rang_us) END
            WHEN s.assigned_us IS NULL THEN x.first_wait_us
            WHEN r.reply_us >= e.since_us THEN r.reply_us - e.since_us END AS agent_frt_us,
       s.agent_messages, x.exchanges, x.exchange_wait_us, h.active_us, h.hold_us, h.wrapped_up, h.wrap_up_us,
       row_number() OVER (PARTITION BY s.contact_id
                          ORDER BY s.served DESC, s.last_us DESC NULLS LAST, s.last_seq DESC NULLS LAST, s.agent_key DESC) = 1 AS is_primary
FROM shares s JOIN contacts c USING (contact_id) JOIN held e USING (contact_id, agent_key)
LEFT JOIN known_as k USING (contact_id, agent_key)
LEFT JOIN always w USING (contact_id, agent_key)
LEFT JOIN replies r USING (contact_id, agent_key)
LEFT JOIN served_waits x USING (contact_id, agent_key)
LEFT JOIN handling h USING (contact_id, agent_key);

CREATE OR REPLACE TABLE exchanges AS
SELECT w.contact_id, w.seq, w.reply_seq, p.person, w.agent_key, p.team, p.post, p.agent_class,
       c.source, c.channel, c.queue, c.business_line, c.category, c.level,
       w.asked_us, w.replied_us, w.wait_us, w.first, c.day
FROM waits w JOIN contacts c USING (contact_id) LEFT JOIN people p USING (contact_id, agent_key)
ORDER BY c.day, w.contact_id, w.seq;

-- One row per rating, complaint, praise and follow-up, about the agent it names, else about whoever served last.
CREATE OR REPLACE TEMP TABLE voices AS
SELECT contact_id, rating_id AS entry_id, kind, agent_key, value, NULL::BOOLEAN AS valid, false AS others,
       NULL::BIGINT AS begun_us, NULL::BIGINT AS promised_us, given_us AS first_us, NULL::BIGINT AS closed_us
FROM ratings WHERE kind IN ('csat', 'nps') AND value IS NOT NULL
UNION ALL
SELECT contact_id, complaint_id, CASE WHEN praise THEN 'praise' ELSE 'complaint' END, agent_key, NULL, valid,
       coalesce(responsibility = 'third_party', false), opened_us, NULL, followed_up_us, closed_us
FROM complaints
UNION ALL
SELECT contact_id, follow_up_id, 'follow_up', agent_key, NULL, NULL, false, opened_us, promised_us, first_us, closed_us
FROM follow_ups;

CREATE OR REPLACE TABLE afterwards AS
WITH strangers AS (  -- keys that have no share of the contact they are named in
    SELECT DISTINCT v.contact_id, v.agent_key, c.source, c.opened_us
    FROM voices v JOIN contacts c USING (contact_id) ANTI JOIN people p USING (contact_id, agent_key)
    WHERE v.agent_key IS NOT NULL
),
known_as AS (
    SELECT k.contact_id, k.agent_key, arg_max(p, (p.source IS NOT NULL, p.from_us, p.person)) AS p
    FROM strangers k
    JOIN (SELECT * REPLACE (coalesce(from_us, -9223372036854775807) AS from_us) FROM staff) p
      ON p.agent_key = k.agent_key AND (p.source IS NULL OR p.source = k.source)
     AND k.opened_us >= p.from_us AND k.opened_us < coalesce(p.to_us, 9223372036854775807)
    GROUP BY k.contact_id, k.agent_key
),
always AS (
    SELECT k.contact_id, k.agent_key, if(min(p.person) = max(p.person), min(p.person), NULL) AS person,
           if(min(p.team) = max(p.team) AND count(p.team) = count(*), min(p.team), NULL) AS team,
           if(min(p.post) = max(p.post) AND count(p.post) = count(*), min(p.post), NULL) AS post,
           if(min(p.agent_class) = max(p.agent_class) AND count(p.agent_class) = count(*), min(p.agent_class), NULL) AS agent_class
    FROM strangers k JOIN staff p ON p.agent_key = k.agent_key AND (p.source IS NULL OR p.source = k.source)
    WHERE k.opened_us IS NULL GROUP BY k.contact_id, k.agent_key
)
SELECT v.contact_id, v.entry_id, v.kind,
       CASE WHEN p.contact_id IS NOT NULL THEN p.person ELSE coalesce(k.p.person, w.person, v.agent_key) END AS person,
       CASE WHEN p.contact_id IS NOT NULL THEN p.agent_key ELSE v.agent_key END AS agent_key,
       CASE WHEN p.contact_id IS NOT NULL THEN p.team ELSE coalesce(k.p.team, w.team) END AS team,
       CASE WHEN p.contact_id IS NOT NULL THEN p.post ELSE coalesce(k.p.post, w.post) END AS post,
       CASE WHEN p.contact_id IS NOT NULL THEN p.agent_class ELSE coalesce(k.p.agent_class, w.agent_class) END AS agent_class,
       c.source, c.channel, c.queue, c.business_line, c.category, c.level, c.opened_us, v.value, v.valid,
       CASE WHEN v.kind = 'complaint'
            THEN CASE WHEN v.others OR c.level = 'L3' OR q.handed_over > 0 THEN 'other_departments' ELSE 'live' END END AS context,
       CASE WHEN v.kind = 'follow_up' THEN coalesce(v.begun_us, c.closed_us) ELSE v.begun_us END AS begun_us,
       v.promised_us, v.first_us, v.closed_us, c.day
FROM voices v JOIN contacts c USING (contact_id)
LEFT JOIN course q USING (contact_id)
LEFT JOIN people p ON p.contact_id = v.contact_id
    AND (p.agent_key = v.agent_key OR (v.agent_key IS NULL AND p.is_primary))
LEFT JOIN known_as k ON k.contact_id = v.contact_id AND k.agent_key = v.agent_key
LEFT JOIN always w ON w.contact_id = v.contact_id AND w.agent_key = v.agent_key
ORDER BY c.day, v.contact_id, v.kind, v.entry_id;

-- Repeats of an unsolved question, where the source does not say.
CREATE OR REPLACE TEMP TABLE repeats AS
WITH known AS (
    SELECT contact_id, customer_key, category, opened_us, coalesce(closed_us, opened_us) AS end_us, outcome
    FROM contacts WHERE customer_key IS NOT NULL AND customer_known IS NOT FALSE AND opened_us IS NOT NULL
),
before AS (  -- every earlier contact within the window that was not abandoned
    SELECT c.contact_id, c.category, p.category AS before_category, p.outcome AS before_outcome,
           p.opened_us AS before_us, p.contact_id AS before_id
    FROM known c JOIN known p USING (customer_key)
    WHERE (p.opened_us, p.contact_id) < (c.opened_us, c.contact_id) AND p.outcome IS DISTINCT FROM 'abandoned'
      AND c.opened_us - p.end_us <= getvariable('repeat_window_us')
      AND c.contact_id IN (SELECT contact_id FROM contacts WHERE effective IS NULL AND ineffective_reason IS NULL)
),
latest AS (  -- the latest of the same category, within the window or not
    SELECT c.contact_id, arg_max({'end_us': p.end_us, 'outcome': p.outcome}, (p.opened_us, p.contact_id)) AS p, any_value(c.opened_us) AS opened_us
    FROM known c JOIN known p USING (customer_key, category)
    WHERE (p.opened_us, p.contact_id) < (c.opened_us, c.contact_id) AND p.outcome IS DISTINCT FROM 'abandoned'
      AND c.contact_id IN (SELECT contact_id FROM contacts WHERE effective IS NULL AND ineffective_reason IS NULL)
    GROUP BY c.contact_id
)
SELECT k.contact_id,
       CASE WHEN count(b.contact_id) = 0 THEN true
            WHEN any_value(k.category) IS NULL THEN NULL
            WHEN any_value(l.opened_us - l.p.end_us) <= getvariable('repeat_window_us')
                THEN CASE any_value(l.p.outcome) WHEN 'solved' THEN true WHEN 'unsolved' THEN false END
            WHEN bool_or(b.contact_id IS NOT NULL AND b.before_category IS NULL) THEN NULL
            ELSE true END AS effective
FROM known k LEFT JOIN before b USING (contact_id) LEFT JOIN latest l USING (contact_id)
GROUP BY k.contact_id;

CREATE OR REPLACE TABLE rollup AS
WITH told AS (
    SELECT contact_id, bool_or(kind = 'invitation') AS invited,
           arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (WHERE kind = 'csat' AND value IS NOT NULL) AS csat,
           arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (WHERE kind = 'nps' AND value IS NOT NULL) AS nps
    FROM ratings GROUP BY contact_id
),
grievances AS (
    SELECT contact_id, count(*) FILTER (WHERE praise IS NOT TRUE) AS complaints, count(*) FILTER (WHERE praise) AS praises
    FROM complaints GROUP BY contact_id
),
entries AS (
    SELECT contact_id, if(praise IS TRUE, 'praise', 'complaint') AS kind FROM complaints
    UNION ALL SELECT contact_id, kind FROM events WHERE kind IN ('transferred', 'escalated', 'reopened')
    UNION ALL SELECT contact_id, 'reopened' FROM contacts WHERE parent_id IS NOT NULL
),
ledgers AS (  -- a source keeps a ledger from the first to the last month one of its contacts stands in it
    SELECT c.source, e.kind, c.day IS NULL AS undated,
           date_trunc('month', min(c.day)) AS first_day, last_day(max(c.day)) AS last_day
    FROM entries e JOIN contacts c USING (contact_id) GROUP BY ALL
),
kept AS (
    SELECT c.source, c.day, list(l.kind) AS kinds FROM (SELECT DISTINCT source, day FROM contacts) c
    JOIN ledgers l ON l.source IS NOT DISTINCT FROM c.source AND l.undated = (c.day IS NULL)
        AND coalesce(c.day BETWEEN l.first_day AND l.last_day, true)
    GROUP BY ALL
),
known AS (
    SELECT contact_id, customer_key, category, opened_us FROM contacts
    WHERE customer_key IS NOT NULL AND customer_known IS NOT FALSE AND opened_us IS NOT NULL
),
unsorted AS (SELECT customer_key, opened_us FROM known WHERE category IS NULL),
perhaps AS (  -- a later contact without a category may be about the same matter
    SELECT k.contact_id, u.opened_us AS unsorted_us
    FROM (FROM known SEMI JOIN unsorted USING (customer_key) WHERE category IS NOT NULL) k
    ASOF JOIN unsorted u ON u.customer_key = k.customer_key AND u.opened_us > k.opened_us
),
returns AS (
    SELECT k.contact_id, p.unsorted_us,
           lead(opened_us) OVER (PARTITION BY customer_key, category ORDER BY opened_us, contact_id) AS next_us
    FROM known k LEFT JOIN perhaps p USING (contact_id) WHERE category IS NOT NULL
),
children AS (  -- a re-open starts a new episode; the window bounds how far one looks for it
    SELECT p.contact_id, count(*) AS n FROM contacts c JOIN contacts p ON p.contact_id = c.parent_id
    WHERE c.opened_us >= p.opened_us
      AND c.opened_us - coalesce(p.closed_us, p.opened_us) <= getvariable('repeat_window_us')
    GROUP BY p.contact_id
),
whole AS (
    SELECT c.*, t.contact_id IS NOT NULL AS has_talk, q.contact_id IS NOT NULL AS has_course,
           t.customer_messages, t.bot_messages,
           CASE WHEN t.contact_id IS NULL AND q.contact_id IS NULL THEN NULL
                ELSE coalesce(q.offered, false) OR coalesce(t.human_messages, 0) > 0
                     OR (coalesce(t.customer_messages, 0) > 0 AND coalesce(t.bot_messages, 0) = 0) END AS was_offered,
           coalesce(q.accepted, false) OR coalesce(t.human_messages, 0) > 0 AS was_answered,
           coalesce(q.abandoned, false) OR c.outcome = 'abandoned' AS was_abandoned,
           q.queue_us, q.ring_us, q.rings, q.resolved,
           CASE WHEN (q.contact_id IS NOT NULL AND list_contains(l.kinds, 'reopened')) OR ch.n > 0
                THEN greatest(coalesce(q.reopened, 0), coalesce(ch.n, 0)) END AS reopened,
           q.transferred AS events_of_transfer, CASE WHEN list_contains(l.kinds, 'transferred') THEN q.transferred END AS transferred,
           CASE WHEN list_contains(l.kinds, 'escalated') THEN q.escalated END AS escalated, q.handed_over, q.handed_over_us,
           k.frt_us, k.waiting_since_us, told.csat, told.nps,
           CASE WHEN told.invited THEN 1 WHEN told.contact_id IS NULL THEN 0 END AS surveyed,
           CASE WHEN list_contains(l.kinds, 'complaint') THEN coalesce(g.complaints, 0) END AS complaints,
           CASE WHEN list_contains(l.kinds, 'praise') THEN coalesce(g.praises, 0) END AS praises,
           r.effective AS no_repeat,
           CASE WHEN n.next_us - coalesce(c.closed_us, c.opened_us) <= getvariable('repeat_window_us')
                THEN greatest(n.next_us - coalesce(c.closed_us, c.opened_us), 0) END AS next_contact_us,
           CASE WHEN n.unsorted_us - coalesce(c.closed_us, c.opened_us) <= getvariable('repeat_window_us')
                THEN greatest(n.unsorted_us - coalesce(c.closed_us, c.opened_us), 0) END AS next_unsorted_us
    FROM contacts c
    LEFT JOIN talk t USING (contact_id) LEFT JOIN course q USING (contact_id) LEFT JOIN clock k USING (contact_id)
    LEFT JOIN told USING (contact_id) LEFT JOIN grievances g USING (contact_id) LEFT JOIN repeats r USING (contact_id)
    LEFT JOIN returns n USING (contact_id) LEFT JOIN children ch USING (contact_id)
    LEFT JOIN kept l ON l.source IS NOT DISTINCT FROM c.source AND l.day IS NOT DISTINCT FROM c.day
)
SELECT w.contact_id, w.parent_id, p.person, p.agent_key, p.team, p.post, p.agent_class,
       w.source, w.channel, w.queue, w.business_line, w.category, w.level,
       coalesce(p.is_primary, true) AS is_primary,
       CASE WHEN d.contact_id IS NULL THEN coalesce(p.is_primary, true) ELSE p.agent_key = d.agent_key END AS first_hand,
       w.customer_key, w.customer_known, w.outcome,
       CASE WHEN w.effective IS NOT NULL THEN w.effective WHEN w.ineffective_reason IS NOT NULL THEN false
            ELSE w.no_repeat END AS effective,
       CASE WHEN w.ineffective_reason IS NOT NULL THEN w.ineffective_reason
            WHEN w.effective IS NULL AND NOT w.no_repeat THEN 'repeat' END AS ineffective_reason,
       w.opened_at, w.opened_us, w.closed_us, w.day,
       if(coalesce(p.is_primary, true), w.was_offered::INTEGER, NULL) AS offered,
       if(coalesce(p.is_primary, true) AND w.was_offered IS NOT NULL, w.was_answered::INTEGER, NULL) AS answered,
       if(coalesce(p.is_primary, true) AND w.was_offered IS NOT NULL,
          coalesce(w.was_offered AND w.was_abandoned AND NOT w.was_answered, false)::INTEGER, NULL) AS abandoned,
       if(coalesce(p.is_primary, true) AND w.queue_us >= 0, w.queue_us, NULL) AS queue_us,
       if(coalesce(p.is_primary, true) AND w.ring_us >= 0, w.ring_us, NULL)::BIGINT AS ring_us,
       if(coalesce(p.is_primary, true), w.rings, NULL)::INTEGER AS rings,
       if(coalesce(p.is_primary, true), w.frt_us, NULL) AS customer_frt_us,
       if(coalesce(p.is_primary, true), CASE WHEN w.was_offered THEN w.waiting_since_us END, NULL) AS customer_waiting_since_us,
       if(coalesce(p.is_primary, true) AND w.closed_us >= w.opened_us, w.closed_us - w.opened_us, NULL) AS duration_us,
       if(coalesce(p.is_primary, true),
          CASE WHEN w.outcome = 'solved' THEN 1 WHEN w.outcome = 'unsolved' THEN 0
               WHEN w.outcome IS NULL AND w.resolved THEN 1 END, NULL)::INTEGER AS solved,
       if(coalesce(p.is_primary, true), w.reopened, NULL)::INTEGER AS reopened,
       if(coalesce(p.is_primary, true), w.transferred, NULL)::INTEGER AS transferred,
       if(coalesce(p.is_primary, true), w.escalated, NULL)::INTEGER AS escalated,
       if(coalesce(p.is_primary, true), w.handed_over, NULL)::INTEGER AS handed_over,
       if(coalesce(p.is_primary, true) AND w.handed_over_us >= w.opened_us, w.handed_over_us - w.opened_us, NULL) AS hand_over_us,
       if(coalesce(p.is_primary, true), w.next_contact_us, NULL) AS next_contact_us,
       if(coalesce(p.is_primary, true), w.next_unsorted_us, NULL) AS next_unsorted_us,
       if(coalesce(p.is_primary, true), w.customer_messages, NULL)::INTEGER AS customer_messages,
       if(coalesce(p.is_primary, true), w.bot_messages, NULL)::INTEGER AS bot_messages,
       if(coalesce(p.is_primary, true), w.csat, NULL) AS csat,
       if(coalesce(p.is_primary, true), w.nps, NULL) AS nps,
       if(coalesce(p.is_primary, true), w.surveyed, NULL)::INTEGER AS surveyed,
       if(coalesce(p.is_primary, true), w.complaints, NULL)::INTEGER AS complaints,
       if(coalesce(p.is_primary, true), w.praises, NULL)::INTEGER AS praises,
       CASE WHEN d.contact_id IS NULL AND coalesce(p.is_primary, true) THEN
                CASE WHEN w.events_of_transfer = 0 THEN 0
                     WHEN w.events_of_transfer > 0 AND p.contact_id IS NULL THEN w.was_answered::INTEGER END
            WHEN p.agent_key = d.agent_key THEN 1 END AS passed_on,
       p.served::INTEGER AS served, p.assigned_us, p.released_us, p.agent_frt_us,
       if(p.agent_key IS NOT NULL AND w.has_talk, coalesce(p.agent_messages, 0), NULL)::INTEGER AS agent_messages,
       if(p.agent_key IS NOT NULL AND w.has_talk AND w.channel <> 'phone', coalesce(p.exchanges, 0), NULL)::INTEGER AS exchanges,
       p.exchange_wait_us::BIGINT AS exchange_wait_us, p.active_us::BIGINT AS active_us,
       p.hold_us::BIGINT AS hold_us, p.wrap_up_us::BIGINT AS wrap_up_us,
       CASE WHEN p.wrapped_up THEN p.active_us + coalesce(p.hold_us, 0) + p.wrap_up_us
            WHEN u.told THEN p.active_us + coalesce(p.hold_us, 0) END::BIGINT AS handle_us
FROM whole w LEFT JOIN people p USING (contact_id) LEFT JOIN passed d USING (contact_id)
LEFT JOIN wrap_up_told u ON u.source IS NOT DISTINCT FROM w.source AND u.day IS NOT DISTINCT FROM w.day
ORDER BY w.day, w.contact_id, p.agent_key;
