"""The quiz below its screen: asking, grading, the store of answers, the schedule, sessions."""
