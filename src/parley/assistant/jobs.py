from __future__ import annotations

from procrastinate.contrib.django import app

from parley.assistant import answering, outcomes, sweeping

QUEUE = "answers"
"""A process of its own works on it (`site.working`): nothing else of the house keeps it busy."""


@app.task(name="assistant.answer_question", queue=QUEUE)
def answer_question(message_id: int) -> None:
    """Answer a question, once: whoever comes second finds it answered."""
    answering.answer(message_id)


@app.periodic(cron="* * * * * */10")
@app.task(name="assistant.sweep_questions", queue="sweeps", queueing_lock="questions")
def sweep_questions(timestamp: int) -> None:
    """See to the questions that nobody has answered."""
    sweeping.sweep()


@app.periodic(cron="*/15 * * * *")
@app.task(name="assistant.assume_helped", queue="sweeps", queueing_lock="assume_helped")
def assume_helped(timestamp: int) -> None:
    """Count those answered who have gone silent."""
    outcomes.assume_helped()
