"""Talking with a language model: in a thread of its own, with an end to everything it may do.

The model's library is asynchronous, and the database is not: this thread talks with the model alone.
What the model wants to look up is looked up by the thread that asked for the answer, which also keeps
what is written so far. Nothing of what is said here is logged.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from pydantic import BaseModel, Field

MOST_SENTENCES = 30
MOST_CHARACTERS = 8_000
MOST_BYTES = 1_000_000
"""Of all that the model's server sends for one answer."""
MOST_REQUESTS = 5
MOST_LOOK_UPS = 6
MOST_TOKENS = 1_500


class Sentence(BaseModel):
    """One sentence of the answer."""

    text: str = Field(description="One sentence, in the language of the question.")
    sources: list[str] = Field(
        description="The ids of the sources that say exactly this, at least one."
    )
    step: bool = Field(
        default=False, description="Whether it is a step of something to be done in order."
    )


class Written(BaseModel):
    """The whole answer. No sentences at all: the sources don't say it."""

    sentences: list[Sentence]


class ModelTrouble(Exception):
    """No answer can be had from the model; the text says why, in words for the operator alone."""


LookUp = Callable[..., str]
"""What the model may look up: takes what the model gives, returns what it reads."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a model is asked: who it is, what it may look up, and all that it is given as data."""

    model: Callable[[], Any]
    instructions: str
    data: str
    look_ups: Sequence[LookUp]
    seconds: float


@dataclass(frozen=True)
class _Call:
    """The model looks something up; the answer is put into the future, in the loop's own thread."""

    look_up: LookUp
    arguments: Mapping[str, Any]
    answer: asyncio.Future[str]


@dataclass(frozen=True)
class _Over:
    trouble: str | None


def written(asked: Asked) -> Generator[tuple[list[Sentence], bool]]:
    """The sentences that are finished, each time there are more of them, and whether these are all.

    To be iterated by the thread that has the database. To stop iterating ends the conversation.
    Raises ModelTrouble.
    """
    talk = _Talk(asked)
    talk.start()
    try:
        yield from talk.told()
    finally:
        talk.stop()


class _Talk(threading.Thread):
    def __init__(self, asked: Asked) -> None:
        super().__init__(name="model", daemon=True)
        self.asked = asked
        self.until = monotonic() + asked.seconds
        self.said: queue.SimpleQueue[_Call | _Over | tuple[list[Sentence], bool]] = (
            queue.SimpleQueue()
        )
        self.loop: asyncio.AbstractEventLoop | None = None
        self.task: asyncio.Task[None] | None = None
        self.stopped = threading.Event()

    def told(self) -> Generator[tuple[list[Sentence], bool]]:
        while True:
            try:
                said = self.said.get(timeout=max(0.0, self.until - monotonic()) + 1.0)
            except queue.Empty:
                raise ModelTrouble("The model took too long.") from None
            if isinstance(said, _Over):
                if said.trouble is not None:
                    raise ModelTrouble(said.trouble)
                return
            if isinstance(said, _Call):
                self._look_up(said)
            else:
                yield said

    def stop(self) -> None:
        """End the conversation, wherever it is, without waiting for the other side."""
        self.stopped.set()
        if self.loop is not None and self.task is not None and self.is_alive():
            try:
                self.loop.call_soon_threadsafe(self.task.cancel)
            except RuntimeError:  # it has just ended by itself
                return

    def _look_up(self, call: _Call) -> None:
        # What else the model wants to say of it, such as for whom, goes nowhere.
        wanted = {n: str(call.arguments.get(n, ""))[:20] for n in _taken_by(call.look_up)}
        found = call.look_up(**wanted)
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(_give, call.answer, found)

    def run(self) -> None:
        try:
            asyncio.run(self._run())
        except asyncio.CancelledError:
            self.said.put(_Over("The answer was not wanted any more."))
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits for it
            self.said.put(_Over(_in_words(error)))

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.task = asyncio.current_task()
        if self.stopped.is_set():
            return
        async with asyncio.timeout(max(0.1, self.until - monotonic())):
            await self._talk()
        self.said.put(_Over(None))

    async def _talk(self) -> None:
        from pydantic_ai import Agent, UsageLimits
        from pydantic_ai.settings import ModelSettings

        model, close = self.asked.model()
        try:
            agent = Agent(
                model,
                output_type=Written,
                instructions=self.asked.instructions,
                tools=[self._tool(look_up) for look_up in self.asked.look_ups],
                retries=1,
            )
            async with agent.run_stream(
                self.asked.data,
                usage_limits=UsageLimits(
                    request_limit=MOST_REQUESTS, tool_calls_limit=MOST_LOOK_UPS
                ),
                model_settings=ModelSettings(max_tokens=MOST_TOKENS, timeout=self.asked.seconds),
            ) as run:
                await self._pass_on(run)
        finally:
            await close()

    async def _pass_on(self, run: Any) -> None:
        finished = 0
        last = Written(sentences=[])
        async for last in run.stream_output(debounce_by=0.05):
            _check_size(last)
            if len(last.sentences) - 1 > finished:
                # The last one may not be written to its end.
                finished = len(last.sentences) - 1
                self.said.put((list(last.sentences[:finished]), False))
        self.said.put((list(last.sentences), True))

    def _tool(self, look_up: LookUp) -> Any:
        from pydantic_ai import Tool

        async def ask(**arguments: Any) -> str:
            assert self.loop is not None
            answer: asyncio.Future[str] = self.loop.create_future()
            self.said.put(_Call(look_up, arguments, answer))
            return await answer

        return Tool.from_schema(
            ask,
            name=look_up.__name__,
            description=look_up.__doc__ or "",
            json_schema=_schema_of(look_up),
        )


def _taken_by(look_up: LookUp) -> list[str]:
    return [name for name in look_up.__annotations__ if name != "return"]


def _schema_of(look_up: LookUp) -> dict[str, Any]:
    wanted = _taken_by(look_up)
    return {
        "type": "object",
        "properties": {name: {"type": "string", "maxLength": 20} for name in wanted},
        "required": wanted,
        "additionalProperties": False,
    }


def _give(answer: asyncio.Future[str], found: str) -> None:
    if not answer.done():
        answer.set_result(found)


def _check_size(so_far: Written) -> None:
    length = sum(len(sentence.text) for sentence in so_far.sentences)
    if len(so_far.sentences) > MOST_SENTENCES or length > MOST_CHARACTERS:
        raise ModelTrouble("The model wrote without an end.")


def _in_words(error: BaseException) -> str:
    """What went wrong, without a word of what was asked or answered."""
    from pydantic_ai import exceptions

    if isinstance(error, ModelTrouble):
        return str(error)
    if isinstance(error, TimeoutError):
        return "The model took too long."
    if isinstance(error, exceptions.ModelHTTPError):
        return f"The model's server answered {error.status_code}."
    if isinstance(error, exceptions.ModelAPIError):
        return f"The model's server could not be reached ({type(error).__name__})."
    if isinstance(error, (exceptions.UnexpectedModelBehavior, exceptions.UsageLimitExceeded)):
        return f"The model did not answer as asked ({type(error).__name__})."
    return f"The model could not be asked ({type(error).__name__})."
