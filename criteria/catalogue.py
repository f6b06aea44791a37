"""The trials that one program runs: which files, as which readings may count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from criteria.loading import TRIALS, load_trial, trial_names
from criteria.place import TrialError
from criteria.trial import Trial


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Several trials in the order of their ids, each as families may be held to it."""

    trials: tuple[Trial, ...]

    def __iter__(self) -> Iterator[Trial]:
        return iter(self.trials)

    def __len__(self) -> int:
        return len(self.trials)

    def __contains__(self, trial_id: object) -> bool:
        return any(trial.id == trial_id for trial in self.trials)

    def trial(self, trial_id: str) -> Trial:
        """The trial with this id; TrialError where it is not among them."""
        for trial in self.trials:
            if trial.id == trial_id:
                return trial
        raise TrialError(f"{trial_id} is not among the trials in use")

    def offered(self) -> Catalogue:
        """Those that families may hear of."""
        return Catalogue(tuple(trial for trial in self.trials if trial.offered))


def load_catalogue(
    names: Iterable[str] = (), folder: Path = TRIALS, allow_unreviewed: bool = False
) -> Catalogue:
    """The trials of these registry numbers, or all in the folder where none is named.

    Raises TrialError where a file is missing or cannot be used.
    """
    wanted = sorted(set(names)) or trial_names(folder)
    return Catalogue(tuple(load_trial(name, folder).in_use(allow_unreviewed) for name in wanted))
