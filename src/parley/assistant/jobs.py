from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.assistant import answering, gathering, indexing, outcomes, sweeping, vectoring

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


@app.periodic(cron="* * * * *")
@app.task(name="assistant.gather_gaps", queue="sweeps", queueing_lock="gaps")
def gather_gaps(timestamp: int) -> None:
    """Gather what was left open by its meaning."""
    while gathering.gather() == gathering.AT_ONCE:
        continue
    while gathering.gather_searches() == gathering.AT_ONCE:
        continue


@app.periodic(cron="20 3 * * *")
@app.task(name="assistant.join_gaps", queue="sweeps", queueing_lock="join_gaps")
def join_gaps(timestamp: int) -> None:
    """Once a night, make one of the gaps that have come to mean the same."""
    gathering.join_alike()


@app.task(
    name="assistant.keep_ticket_vector",
    queue="reactions",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def keep_ticket_vector(ticket_id: int) -> None:
    """Write what a ticket is about, so that it is found by its meaning."""
    vectoring.keep_vectors([ticket_id])


@app.periodic(cron="*/5 * * * *")
@app.task(name="assistant.keep_missing_vectors", queue="sweeps", queueing_lock="ticket_vectors")
def keep_missing_vectors(timestamp: int) -> None:
    """Do the same for tickets that came in without being opened, some of them at a time."""
    for _batch in range(5):
        if vectoring.keep_missing() < vectoring.AT_ONCE:
            return


@app.periodic(cron="*/5 * * * *")
@app.task(name="assistant.keep_index", queue="sweeps", queueing_lock="index")
def keep_index(timestamp: int) -> None:
    """Read what was published without anybody being told: by an import, or into a demo."""
    indexing.index_all()
