"""The script that one writes first: the vendor's client, a semaphore, a comparison."""

import asyncio
import base64
import json
import pathlib
import sys

from openai import AsyncOpenAI

url, folder, cases, at_once = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


async def main():
    client, places = AsyncOpenAI(base_url=url, api_key="none"), asyncio.Semaphore(at_once)

    async def ask(line):
        case = json.loads(line)
        async with places:
            image = base64.b64encode((folder / case["media"][0]).read_bytes()).decode()
            reply = await client.chat.completions.create(
                model="m",
                max_tokens=50,
                messages=[{"role": "user", "content": [
                    {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{image}"}},
                    {"type": "text", "text": "What is it?"},
                ]}],
            )
        return json.loads(reply.choices[0].message.content) == case["expected"]

    lines = (folder / "cases.jsonl").read_text().splitlines()[:cases]
    right = await asyncio.gather(*map(ask, lines))
    assert sum(right) == cases
    pathlib.Path("right.json").write_text(json.dumps(right))


asyncio.run(main())
