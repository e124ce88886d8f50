"""Every strategy, in the order in which they are offered."""

from knowledge.chunking.strategies.base import Strategy
from knowledge.chunking.strategies.by_heading import ByHeading
from knowledge.chunking.strategies.by_page import ByPage
from knowledge.chunking.strategies.by_size import BySize
from knowledge.chunking.strategies.no_chunking import NoChunking
from knowledge.chunking.strategies.parent_child import ParentChild
from knowledge.chunking.strategies.question_answer import QuestionAnswer
from knowledge.chunking.strategies.semantic import Semantic

STRATEGIES: tuple[Strategy, ...] = (
    ByHeading(),
    BySize(),
    ByPage(),
    Semantic(),
    ParentChild(),
    QuestionAnswer(),
    NoChunking(),
)
BY_NAME = {strategy.name: strategy for strategy in STRATEGIES}
