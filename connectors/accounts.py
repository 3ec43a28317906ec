"""The accounts file: which numbers and bots we have, for which market, with which secrets."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from core.errors import ContentError, Fault, SetupError
from core.yaml_files import LINE_KEY, line_of, read_yaml, without_lines

MAX_SECRET = 4_096  # bytes of a secret's file
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")  # what is shown as a variable's name; else it may be the secret itself
CHANNEL = "channel"
SIMULATED = "simulated-"  # what a simulator's secrets begin with: no harm in showing them


def load_accounts(
    path: Path, models: Mapping[str, type[BaseModel]], markets: frozenset[str], kind: str = CHANNEL
) -> Mapping[str, Mapping[str, Any]]:
    """Accounts by channel and name, as the channels' models. Raises ContentError with every fault, file and line.

    `kind`: what the file lists, "channel" or "helpdesk". A market may have many channels, but one helpdesk.
    """
    try:
        data = read_yaml(path).data
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}; AFTERSAIL_{kind.upper()}S must name the accounts file") from error
    reader = _Reader(path, models, markets, kind)
    if not isinstance(data, dict):
        raise ContentError(
            [Fault(path, 1, f"must be a mapping of {kind}s, such as `{next(iter(models))}:` with a list below it")]
        )
    accounts = {channel: reader.accounts(channel, data[channel]) for channel in data if channel != LINE_KEY}
    if reader.faults:
        raise ContentError(reader.faults)
    return accounts


class _Reader:
    def __init__(self, path: Path, models: Mapping[str, type[BaseModel]], markets: frozenset[str], kind: str) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._models = models
        self._markets = markets
        self._kind = kind
        self._routed: set[str] = set()
        self._names: set[str] = set()
        self._vendor_ids: set[tuple[str, str]] = set()

    def accounts(self, channel: str, entries: Any) -> dict[str, Any]:
        """The channel's accounts by name; faults are noted."""
        model = self._models.get(channel)
        if model is None:
            known = ", ".join(sorted(self._models))
            self._fault(entries, f"there is no {self._kind} {channel!r}; {self._kind}s are: {known}")
            return {}
        if not isinstance(entries, list):
            self._fault(entries, f"{channel}: must be a list of accounts, each beginning with '-'")
            return {}
        found = [self._account(channel, model, entry) for entry in entries]
        return {account.name: account for account in found if account is not None}

    def _account(self, channel: str, model: type[BaseModel], entry: Any) -> Any:
        if not isinstance(entry, dict):
            self._fault(entry, f"{channel}: an account must be a mapping with name, market and the vendor's ids")
            return None
        before = len(self.faults)
        fields = dict(self._with_secrets(model, entry))
        try:
            account: Any = model.model_validate(fields)
        except ValidationError as error:
            for fault in error.errors():
                field = ".".join(str(part) for part in fault["loc"])
                if field in fields or field not in entry:  # else its secret is missing, which is noted already
                    self._fault(entry, f"{field}: {fault['msg']}")
            return None
        if len(self.faults) == before:
            self._check(channel, account, entry)
        return account

    def _check(self, channel: str, account: Any, entry: Mapping[str, Any]) -> None:
        """Note what only a look at the other accounts and markets shows."""
        if account.name in self._names:
            self._fault(entry, f"name: {account.name!r} is used twice")
        if (channel, account.vendor_id) in self._vendor_ids:
            self._fault(entry, f"{account.name}: another account of {channel} has the same id at the vendor's")
        theirs: Sequence[str] = account.markets if hasattr(account, "markets") else (account.market,)
        for market in theirs:
            if market not in self._markets:
                known = ", ".join(sorted(self._markets))
                self._fault(entry, f"market: there is no market {market!r}; markets are: {known}")
            if self._kind != CHANNEL and market in self._routed:
                self._fault(entry, f"markets: another {self._kind} has the market {market!r}; give it to one of them")
            self._routed.add(market)
        self._names.add(account.name)
        self._vendor_ids.add((channel, account.vendor_id))

    def _with_secrets(self, model: type[BaseModel], entry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The fields, with {env: NAME} and {file: PATH} replaced by what is there."""
        for key, value in without_lines(entry).items():
            if not isinstance(value, dict):
                if _is_secret(model, key) and not str(value).startswith(SIMULATED):
                    self._fault(entry, f"{key}: no secret stands in this file; write {{env: NAME}} or {{file: PATH}}")
                else:
                    yield key, value
                continue
            try:
                yield key, self._secret(value)
            except UnicodeDecodeError:
                self._fault(entry, f"{key}: the file is not UTF-8 text")
            except (OSError, ValueError) as error:
                reason = f"the file cannot be read: {error.strerror}" if isinstance(error, OSError) else error
                self._fault(entry, f"{key}: {reason}")

    def _secret(self, where: Mapping[str, Any]) -> str:
        if set(where) == {"env"}:
            secret = os.environ.get(str(where["env"]), "")
            if not secret:
                name = str(where["env"])
                raise ValueError(f"the environment variable {name if _VARIABLE.fullmatch(name) else ''} is not set")
            return secret
        if set(where) == {"file"}:
            path = self._path.parent / str(where["file"])
            with path.open("rb") as file:
                secret = file.read(MAX_SECRET).decode("utf-8").strip()
            if not secret:
                raise ValueError("the file is empty")
            return secret
        raise ValueError("write {env: NAME} or {file: PATH}")

    def _fault(self, node: Any, message: str) -> None:
        nodes = node if isinstance(node, list) else [node]
        line = next((line_of(one) for one in nodes if isinstance(one, dict)), 0)
        self.faults.append(Fault(self._path, line, message))


def _is_secret(model: type[BaseModel], field: str) -> bool:
    described = model.model_fields.get(field)
    return described is not None and described.annotation is SecretStr
