-- $1 text: topic
-- Answers the life of the topic and the position of its last notice.
select life, position from parley.notice_positions where topic = $1
