"""The bot that `rasa init` makes, as it comes, plus one custom action that is reached over HTTP."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.supervisor import rasa_python
from bot.supervisor.checks import free_port
from bot.supervisor.children import Child, Keeper, stop_all

from .programs import BenchError, TurnFailed, by_part

ADDED = Path(__file__).parent / "starter"
ANSWER = "We are open from 9 to 5."

#: What `rasa init` writes, without the training that `rasa init --no-prompt` goes on to: the model has to be
#: trained after the action was added, and twice would double the longest part of the run.
_MAKE_PROJECT = "import rasa.cli.scaffold as made, sys; made.create_initial_project(sys.argv[1])"


class StarterBot:
    """Rasa's starter bot behind its REST channel, its conversations in memory, as `rasa run` starts it."""

    title = "rasa init bot"
    #: As many turns as a conversation with this program, and each of them calls the action too.
    script: tuple[str, ...] = (
        "when are you open",
        "what are your opening hours",
        "when do you close today",
        "is the clinic open in the morning",
        "are you open on sunday",
        "until when is the clinic open",
        "at what time do you open",
        "tell me the opening hours please",
        "are you still open this evening",
        "what hours do you keep",
        "when is the clinic open",
        "are you open today",
        "what are the opening hours on sunday",
        "until when are you open",
        "at what time do you close",
    )

    def __init__(self, folder: Path) -> None:
        self._project = folder / "starter"
        self._logs = folder / "starter-logs"
        self._children: list[Child] = []
        self._keeper: Keeper | None = None
        self._url = ""
        self._env = os.environ | {
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": "127.0.0.1",
            "PYTHONUNBUFFERED": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            # The action's module is found in the project, whatever lies where the command was called.
            "PYTHONPATH": str(self._project),
        }

    def make(self) -> None:
        """Make the project and add intent, rule and action to it; the configuration stays as it comes."""
        self._project.mkdir(parents=True)
        self._logs.mkdir(parents=True)
        self._rasa("making the starter bot", "-c", _MAKE_PROJECT, str(self._project))
        shutil.copy(ADDED / "questions.yml", self._project / "data")
        shutil.copy(ADDED / "starter_actions.py", self._project)
        domain = self._project / "domain.yml"
        known: dict[str, Any] = yaml.safe_load(domain.read_text(encoding="utf-8"))
        known["intents"].append("ask_opening_hours")
        known["actions"] = ["action_tell_opening_hours"]
        domain.write_text(yaml.safe_dump(known, sort_keys=False), encoding="utf-8")

    def train(self) -> None:
        """`rasa train` in the project, which has no model and no cache yet."""
        self._rasa("training the starter bot", "-m", "rasa", "train", "--fixed-model-name", "starter")

    def start(self) -> None:
        """Start `rasa run` and the action server, the lighter one of the two that Rasa has."""
        rasa_port, actions_port = free_port(), free_port()
        with (self._project / "endpoints.yml").open("a", encoding="utf-8") as endpoints:
            endpoints.write(f'\naction_endpoint:\n  url: "http://127.0.0.1:{actions_port}/webhook"\n')
        self._url = f"http://127.0.0.1:{rasa_port}/webhooks/rest/webhook"
        serve = ["rasa", "run", "--model", "models/starter.tar.gz", "--interface", "127.0.0.1"]
        commands = {
            "Rasa": [*serve, "--port", str(rasa_port)],
            "action server": ["rasa_sdk", "--actions", "starter_actions", "--port", str(actions_port)],
        }
        self._keeper = Keeper()
        for name, module in commands.items():
            # The shell only changes into the project, and becomes the process itself.
            inside = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(self._project)]
            command = [*inside, str(rasa_python()), "-m", *module]
            log = self._logs / f"{name.replace(' ', '-')}.log"
            self._children.append(Child(name, command, self._env, log, self._keeper))

    def check(self) -> None:
        """See `Measured`."""
        for child in self._children:
            if child.is_dead():
                raise BenchError(f"The starter bot's {child.name} process ended unexpectedly.")

    def stop(self) -> None:
        """See `Measured`."""
        stop_all(self._children)
        self._children = []
        if self._keeper is not None:
            self._keeper.dismiss()
            self._keeper = None

    def processes(self) -> dict[str, set[int]]:
        """Rasa and the action server; nobody watches over them."""
        return by_part(self._children)

    async def turn(self, client: httpx.AsyncClient, session: str | None, number: int) -> str:
        """One POST to Rasa's REST channel; the answer must be the action's."""
        sender = session or uuid.uuid4().hex
        response = await client.post(self._url, json={"sender": sender, "message": self.script[number]})
        if response.status_code != 200:
            raise TurnFailed(f"The starter bot answered with status {response.status_code}.")
        if [said.get("text") for said in response.json()] != [ANSWER]:
            raise TurnFailed(f"The starter bot did not call its action for {self.script[number]!r}.")
        return sender

    def _rasa(self, meaning: str, *arguments: str) -> None:
        """Run one command in Rasa's environment. Raises `BenchError`; what was said stays in the log."""
        with (self._logs / "made.log").open("ab") as log:
            done = subprocess.run(
                [str(rasa_python()), *arguments],
                cwd=self._project,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
        if done.returncode:
            raise BenchError(f"Something went wrong in {meaning}.")
