"""The same question as a task of inspect_ai."""

import json
import os
import pathlib

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageUser, ContentImage, ContentText
from inspect_ai.scorer import match
from inspect_ai.solver import generate


def sample(folder, line):
    case = json.loads(line)
    image = ContentImage(image=str(folder / case["media"][0]))
    message = ChatMessageUser(content=[image, ContentText(text="What is it?")])
    return Sample(id=case["id"], input=[message], target=json.dumps(case["expected"], separators=(",", ":")))


@task
def images():
    folder, cases = pathlib.Path(os.environ["DATASET"]), int(os.environ["CASES"])
    lines = (folder / "cases.jsonl").read_text().splitlines()[:cases]
    return Task(dataset=MemoryDataset([sample(folder, line) for line in lines]), solver=generate(max_tokens=50), scorer=match())
