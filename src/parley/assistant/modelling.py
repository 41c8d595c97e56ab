"""Which language model the installation has, as its settings say; none unless they do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
from django.conf import settings

from parley.assistant.conversing import MOST_BYTES, ModelTrouble

Connected = tuple[Any, Callable[[], Awaitable[None]]]
"""A model of pydantic-ai's, and what closes its connections."""


def connect() -> Connected:
    """The model with connections of its own; to be called inside an event loop.

    Nothing is tried twice here: there is an answer without the model.
    """
    maker, _colon, name = settings.MODEL.partition(":")
    http = httpx2.AsyncClient(
        transport=_Bounded(httpx2.AsyncHTTPTransport()), timeout=settings.MODEL_SECONDS
    )
    key = settings.MODEL_KEY or "none"
    if maker == "anthropic":
        return _anthropic(name, key, http), http.aclose
    return _openai(name, key, http), http.aclose


def warm_up() -> None:
    """Load what talking with the configured model takes, which is seconds the first time."""

    async def build() -> None:
        _model, close = connect()
        await close()

    asyncio.run(build())
    import pydantic_ai  # noqa: F401


def _openai(name: str, key: str, http: httpx2.AsyncClient) -> Any:
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    client = AsyncOpenAI(
        api_key=key,
        base_url=settings.MODEL_URL or "https://api.openai.com/v1",
        max_retries=0,
        http_client=http,
    )
    if settings.MODEL_URL:
        return OpenAIChatModel(
            name, provider=OpenAICompatibleProvider("configured", openai_client=client)
        )
    return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=client))


def _anthropic(name: str, key: str, http: httpx2.AsyncClient) -> Any:
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(
        api_key=key,
        base_url=settings.MODEL_URL or "https://api.anthropic.com",
        max_retries=0,
        http_client=http,
    )
    return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=client))


class _Bounded(httpx2.AsyncBaseTransport):
    """Reads no more of an answer than is sensible, however much the server sends."""

    def __init__(self, transport: httpx2.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._transport.handle_async_request(request)
        response.stream = _Counted(response.stream)
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> Any:
        read = 0
        async for chunk in self._stream:
            read += len(chunk)
            if read > MOST_BYTES:
                raise ModelTrouble("The model wrote without an end.")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
