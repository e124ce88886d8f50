"""The base of every configuration schema: frozen, and a typo is an error, not a lost value."""

from typing import Any

from pydantic import AfterValidator, BaseModel, ConfigDict


class Schema(BaseModel):
    """A frozen pydantic model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


def once_each(key: str, sentence: str) -> AfterValidator:
    """Refuses a list in which two items share their ``key``; ``sentence`` names the value."""

    def check(items: tuple[Any, ...]) -> tuple[Any, ...]:
        values = [getattr(item, key) for item in items]
        repeated = next((v for at, v in enumerate(values) if v in values[:at]), None)
        if repeated is not None:
            raise ValueError(sentence.format(repeated))
        return items

    return AfterValidator(check)
