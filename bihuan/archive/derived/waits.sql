-- First unanswered customer message → next human reply (S2-3). Phone turns are not exchanges. After a conversation with
-- a bot the first wait starts with the hand-off, as the customer's clock does.
CREATE OR REPLACE TEMP TABLE waits AS
WITH spoken AS (
    SELECT n, seq, voice, agent_key, sent_us, lag(voice) OVER (PARTITION BY n ORDER BY seq) AS before
    FROM said WHERE NOT phone AND standing AND voice IN ('customer', 'agent')
),
turns AS (
    SELECT n, seq, voice, sent_us, lead(seq) OVER of_contact AS reply_seq, lead(sent_us) OVER of_contact AS replied_us,
           lead(agent_key) OVER of_contact AS agent_key
    FROM spoken WHERE voice IS DISTINCT FROM before
    WINDOW of_contact AS (PARTITION BY n ORDER BY seq)
),
asked AS (
    SELECT t.*, t.seq = a.customer_seq AS first,
           if(k.through_bot AND t.sent_us < k.start_us, k.start_us, t.sent_us) AS asked_us
    FROM turns t JOIN clock k USING (n) JOIN talk a USING (n) WHERE t.voice = 'customer'
)
SELECT n, seq, reply_seq, agent_key, asked_us, replied_us, first,
       CASE WHEN replied_us >= asked_us THEN replied_us - asked_us END AS wait_us
FROM asked;
