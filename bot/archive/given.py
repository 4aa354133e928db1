"""Many values as one parameter of a statement: however many there are, the statement is the same.

So it is built once and the database prepares it once; and no statement takes more than some ten
thousand parameters.
"""

# mypy: disable-error-code="explicit-any"
# SQLAlchemy's functions are typed with Any; nothing here is.

from collections.abc import Collection, Mapping

from sqlalchemy import JSON, Integer, Select, Text, bindparam, cast, func, select

from bot.archive.engine import compact_json


def words(values: Collection[str]) -> str:
    """The value of a parameter that `listed` reads."""
    return compact_json([*values])


def numbers(values: Mapping[str, int]) -> str:
    """The value of a parameter that `numbered` reads."""
    return compact_json({**values})


def listed(name: str, dialect: str) -> Select[tuple[str]]:
    """The words of a parameter, as rows."""
    given = bindparam(name, type_=Text())
    if dialect == "postgresql":
        return select(func.json_array_elements_text(cast(given, JSON)))
    return select(func.json_each(given).table_valued("value").c.value)


def numbered(name: str, dialect: str) -> Select[tuple[str, int]]:
    """The words of a parameter and the number of each, as rows."""
    given = bindparam(name, type_=Text())
    if dialect == "postgresql":
        each = func.json_each_text(cast(given, JSON)).table_valued("key", "value")
    else:
        each = func.json_each(given).table_valued("key", "value")
    return select(each.c.key, cast(each.c.value, Integer))
