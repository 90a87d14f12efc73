"""The process of a lane: loads one plugin, has it work, and says what came of it.

Rules of this room: what the plugin prints goes to standard error, the way to the office is nobody's but ours; when the
office is gone, so is this process, whatever the plugin is at.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import queue
import sys
import threading
import time
from typing import Any, BinaryIO

from egov_core.errors import EgovError
from egov_core.hooks.effects import broken, carry, offers
from egov_core.hooks.manager import Hooks
from egov_core.hooks.said import named
from egov_core.runtime.clock import meter
from egov_core.runtime.effects.frames import BEAT, Question, Start, of_error, of_receipt
from egov_core.wire.plugin_settings import plugin_settings


class Answers:
    """The way up, shared by the threads of this process."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def say(self, **said: Any) -> None:
        """One line. Where nobody listens any more the process ends at once."""
        line = json.dumps(said, ensure_ascii=True).encode() + b"\n"
        try:
            with self._lock:
                self._pipe.write(line)
                self._pipe.flush()
        except OSError:
            os._exit(0)


def main() -> None:
    """Serve until the office closes the way down."""
    answers = Answers(os.fdopen(os.dup(1), "wb"))
    questions = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    start: Start = pickle.load(questions)  # noqa: S301 -- from the program that started this one
    threading.Thread(target=_beat, args=(answers,), daemon=True).start()
    hooks = Hooks(meter=meter)
    try:
        hooks.discover(start.choice, plugin_settings)
    except EgovError as error:
        answers.say(ready=False, **of_error(error))
        return
    answers.say(ready=True)
    work: queue.SimpleQueue[Question] = queue.SimpleQueue()
    threading.Thread(target=_work, args=(hooks, start.name, work, answers), daemon=True).start()
    while True:
        try:
            question: Question = pickle.load(questions)  # noqa: S301 -- as above
        except EOFError:
            os._exit(0)  # the office has closed; whatever a plugin has left running ends with it
        if question.carries:
            work.put(question)
        else:
            _answer(hooks, start.name, question, answers)


def _beat(answers: Answers) -> None:
    while True:
        answers.say(beat=True)
        time.sleep(BEAT)


def _work(hooks: Hooks, name: str, work: queue.SimpleQueue[Question], answers: Answers) -> None:
    while True:
        _answer(hooks, name, work.get(), answers)


def _answer(hooks: Hooks, name: str, question: Question, answers: Answers) -> None:
    try:
        if question.carries:
            said = of_receipt(carry(hooks, name, question.parcel))
        else:
            said = {"offers": offers(hooks, name, question.parcel)}
    except EgovError as error:
        said = of_error(error)
    except BaseException as error:  # noqa: BLE001 -- told to the office; a lane does not die of its plugin
        said = of_error(broken(name, f"failed: {named(error)}"))
    answers.say(number=question.number, **said)
