"""The base of every configuration schema: frozen, and a typo is an error, not a lost value."""

from pydantic import BaseModel, ConfigDict


class Schema(BaseModel):
    """A frozen pydantic model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)
