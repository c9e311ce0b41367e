-- The customer's clock of an episode (X2). It starts with the first customer message; with the hand-off to people where
-- a bot conversed before it, or where the customer came through the queue before writing. It ends with the first reply
-- of a person. On the phone, being offered starts it and acceptance ends it.
CREATE OR REPLACE TEMP TABLE clock AS
WITH through_bot AS (
    SELECT DISTINCT s.n
    FROM said s JOIN talk t USING (n) JOIN course q USING (n)
    WHERE s.talks AND s.standing AND s.sent_us > t.customer.us AND s.sent_us <= q.people_us
),
starts AS (
    SELECT c.n, q.people_us, t.customer_seq, t.customer.us AS customer_us, b.n IS NOT NULL AS through_bot,
           (t.customer_seq IS NULL OR b.n IS NOT NULL OR q.people_us < t.customer.us) AND q.people_us IS NOT NULL
               AS by_hand_off
    FROM told_contacts c LEFT JOIN talk t USING (n) LEFT JOIN course q USING (n) LEFT JOIN through_bot b USING (n)
    WHERE c.channel <> 'phone'
),
begun AS (SELECT *, if(by_hand_off, people_us, customer_us) AS start_us FROM starts),
answers AS (
    SELECT b.n, min(s.seq) AS reply_seq, arg_min({us: s.sent_us}, s.seq).us AS reply_us
    FROM begun b JOIN said s USING (n)
    WHERE s.voice = 'agent' AND s.standing
      AND CASE WHEN b.by_hand_off THEN s.sent_us IS NULL OR s.sent_us >= b.start_us ELSE s.seq > b.customer_seq END
    GROUP BY b.n
)
SELECT b.n, b.through_bot, b.start_us,
       CASE WHEN a.reply_us >= b.start_us THEN a.reply_us - b.start_us END AS frt_us,
       CASE WHEN a.reply_seq IS NULL THEN b.start_us END AS waiting_since_us
FROM begun b LEFT JOIN answers a USING (n)
UNION ALL
SELECT q.n, false, q.offered_us,
       CASE WHEN q.accepted_us >= q.offered_us THEN q.accepted_us - q.offered_us END,
       CASE WHEN NOT q.accepted THEN q.offered_us END
FROM (SELECT *, least(queued_us, rang_us, assigned_us) AS offered_us FROM course) q
JOIN told_contacts c USING (n) WHERE c.channel = 'phone';
